"""Clients of the v1 wire as LaBoutik and Lespass are: their keys, their signatures, their bodies.

    python3 v1-clients.py http://127.0.0.1:8080 <connection string>

Plays an evening between a till, a tenant and a member, asserts every status and what the clients read of the answers,
and prints what it made as one JSON object. Needs the package `cryptography`; everything else is the standard library.
"""
import base64
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.MAX_LENGTH)


class Key:
    """An RSA key pair of 2048 bits."""

    def __init__(self):
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()

    def sign(self, message):
        """Text to text, as both clients send it."""
        return base64.urlsafe_b64encode(self.private.sign(message, PSS, hashes.SHA256())).decode()

    def sign_body(self, body):
        return self.sign(base64.urlsafe_b64encode(json.dumps(body).encode()))

    def open(self, cipher):
        oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        return self.private.decrypt(base64.urlsafe_b64decode(cipher), oaep).decode()


class Answer:
    def __init__(self, status, body):
        self.status = status
        self.text = body.decode()

    @property
    def json(self):
        return json.loads(self.text)

    def expect(self, status):
        assert self.status == status, f"{self.status} instead of {status}: {self.text[:400]}"
        return self.json


def send(method, url, headers, body=None):
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return Answer(response.status, response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read())


class Till:
    """LaBoutik: every request carries the key of the place and a signature of the till's own RSA key."""

    def __init__(self, base, connection):
        self.base = base
        self.rsa = Key()
        link = json.loads(base64.urlsafe_b64decode(connection))
        self.place, self.key = link["uuid"], link["temp_key"]

    def handshake(self, url="https://laboutik.example.org/"):
        body = {
            "fedow_place_uuid": self.place,
            "cashless_ip": "127.0.0.1",
            "cashless_url": url,
            "cashless_admin_apikey": "a" * 8 + "." + "b" * 32,
            "cashless_rsa_pub_key": self.rsa.pem,
            "dokos_id": "None",
        }
        headers = {
            "Authorization": f"Api-Key {self.key}",
            "Signature": self.rsa.sign_body(body),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        form = urllib.parse.urlencode(body).encode()
        return send("POST", f"{self.base}/place/handshake/", headers, form)

    def linked(self):
        told = json.loads(base64.urlsafe_b64decode(self.handshake().expect(202)))
        self.key, self.wallet = told["place_admin_apikey"], told["place_wallet_uuid"]
        assert len(self.key) == 41

    def get(self, path):
        headers = {"Authorization": f"Api-Key {self.key}", "Signature": self.rsa.sign(self.key.encode())}
        return send("GET", f"{self.base}/{path}/", headers)

    def post(self, path, body, signature=None):
        headers = {
            "Authorization": f"Api-Key {self.key}",
            "Signature": signature or self.rsa.sign_body(body),
            "Content-Type": "application/json",
        }
        return send("POST", f"{self.base}/{path}/", headers, json.dumps(body).encode())

    def card(self, tag):
        return self.get(f"card/{tag}").expect(200)

    def sale(self, card, asset, amount, primary):
        metadata = json.dumps({"data": "eyJhIjoxfQ:1abc"})
        return {
            "amount": amount,
            "sender": card["wallet"]["uuid"],
            "receiver": self.wallet,
            "asset": asset,
            "comment": None,
            "metadata": metadata,
            "user_card_firstTagId": card["first_tag_id"],
            "primary_card_fisrtTagId": primary,
        }

    def refill(self, card, asset, amount, primary):
        return {
            "amount": amount,
            "sender": self.wallet,
            "receiver": card["wallet"]["uuid"],
            "asset": asset,
            "user_card_firstTagId": card["first_tag_id"],
            "primary_card_fisrtTagId": primary,
        }


class Tenant:
    """Lespass: the key of its place, and the RSA key of the person who acts."""

    def __init__(self, base):
        self.base = base
        told = send("GET", f"{base}/root_tibillet_handshake/", {}).expect(201)
        self.root_key = told["api_key"]
        assert "BEGIN PUBLIC KEY" in told["fedow_pub_pem"] and len(told["fedow_pub_pem"]) <= 500

    def headers(self, key, person=None):
        return {
            "Authorization": f"Api-Key {key}",
            "Date": datetime.now().isoformat(),
            "Wallet": person.wallet if person and person.wallet else "",
            "Content-type": "application/json",
        }

    def create_place(self, name, admin):
        body = {
            "place_domain": "tenant.example.org",
            "place_name": name,
            "admin_email": admin.email,
            "admin_pub_pem": admin.rsa.pem,
        }
        headers = {**self.headers(self.root_key), "Signature": admin.rsa.sign_body(body)}
        made = send("POST", f"{self.base}/place/", headers, json.dumps(body).encode()).expect(201)
        self.place, self.wallet, self.key = made["uuid"], made["wallet"], made["key"]
        return made

    def get(self, path, person=None):
        headers = self.headers(self.key, person)
        if person:
            headers["Signature"] = person.rsa.sign(f"{person.wallet}:{headers['Date']}".encode())
        return send("GET", f"{self.base}/{path}/", headers)

    def post(self, path, body, person=None):
        headers = self.headers(self.key, person)
        if person:
            headers["Signature"] = person.rsa.sign_body(body)
        return send("POST", f"{self.base}/{path}/", headers, json.dumps(body).encode())


class Person:
    def __init__(self, email):
        self.email = email
        self.rsa = Key()
        self.wallet = None

    def login(self, tenant):
        answer = tenant.post("wallet/get_or_create", {"email": self.email, "public_pem": self.rsa.pem}, self)
        if answer.status in (200, 201):
            assert self.wallet in (None, answer.json)
            self.wallet = answer.json
        return answer


def new_card(tag, number, primary=False, tokens=None):
    return {
        "uuid": str(uuid.uuid4()),
        "first_tag_id": tag,
        "qrcode_uuid": str(uuid.uuid4()),
        "number_printed": number,
        "generation": 1,
        "is_primary": primary,
        "tokens_uuid": tokens or [],
    }


def balance(wallet, asset):
    return sum(token["value"] for token in wallet["tokens"] if token["asset_uuid"] == asset)


def play_till(till):
    """LaBoutik alone: handshake, moneys, cards, sales."""
    used = till.key
    till.linked()
    till.key, key = used, till.key
    assert till.handshake().status == 403, "a key of the handshake works once"
    till.key = key
    money = str(uuid.uuid4())
    made = till.post("asset", {
        "uuid": money, "name": "Piastre", "currency_code": "pia", "category": "TLF",
        "created_at": "2026-05-01T00:00:00.123456+02:00",
    }).expect(201)
    assert made["uuid"] == money and made["currency_code"] == "PIA"
    assert made["created_at"] == "2026-04-30T22:00:00.123456Z", made["created_at"]
    token = str(uuid.uuid4())
    cards = [
        new_card("52BE6543", "33BC1DAA", primary=True),
        new_card("CC3EB41E", "44BC1DAA", tokens=[{"asset_uuid": money, "token_uuid": token}]),
    ]
    assert till.post("card", cards).expect(201) == "2"
    again = till.post("card", cards)
    assert again.status == 409 and "first_tag_id" in again.text.lower() and "exist" in again.text.lower()
    card = till.card("CC3EB41E")
    assert card["uuid"] == cards[1]["uuid"] and card["is_wallet_ephemere"] and not card["is_primary"]
    assert [one["uuid"] for one in card["wallet"]["tokens"] if one["asset_uuid"] == money] == [token]
    assert till.card("52BE6543")["is_primary"]
    assert till.get("card/00000000").expect(404) == "Carte inconnue"
    filled = till.post("transaction", till.refill(card, money, 1000, "52BE6543")).expect(201)
    assert filled["action"] == "REF" and balance(filled["card"]["wallet"], money) == 1000
    body = till.sale(card, money, 300, "52BE6543")
    signature = till.rsa.sign_body(body)
    first = till.post("transaction", body, signature)
    sold = first.expect(201)
    assert sold["metadata"] == body["metadata"] and sold["verify_hash"] is True and len(sold["hash"]) == 64
    assert balance(sold["card"]["wallet"], money) == 700
    assert till.post("transaction", body, signature).text == first.text, "a repeat is answered as before"
    other = till.post("transaction", till.sale(card, money, 50, "52BE6543")).expect(201)
    assert other["previous_transaction"] == sold["uuid"]
    assert till.post("transaction", body, signature).text == first.text, "also after the card has paid again"
    poor = till.post("transaction", till.sale(card, money, 10_000, "52BE6543"))
    assert poor.expect(400) == {"non_field_errors": ["Not enough token on sender wallet"]}, poor.text
    wrong = till.post("transaction", till.sale(card, money, 10, "CC3EB41E"))
    assert "primary_card_fisrtTagId" in wrong.expect(400), wrong.text
    return money, cards


def play_storm(till, money, cards):
    """Twenty threads sell and refill one card at once: every answer counts, nothing else does."""
    card = till.card(cards[1]["first_tag_id"])
    before = balance(card["wallet"], money)
    def one(number):
        body = till.refill(card, money, 7, "52BE6543") if number % 2 else till.sale(card, money, 5, "52BE6543")
        return number, till.post("transaction", body).status
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one, range(100)))
    assert all(status == 201 for _, status in answers), [one for one in answers if one[1] != 201]
    after = balance(till.card(cards[1]["first_tag_id"])["wallet"], money)
    assert after == before + 50 * 7 - 50 * 5, (before, after)
    return after


def play_member(till, tenant, money, cards):
    """Lespass: login, link, history, QR payment, lost card."""
    member = Person("Ada@Example.org".lower())
    assert member.login(tenant).status == 201
    assert member.login(tenant).status == 200
    thief = Person(member.email)
    assert thief.login(tenant).status == 400
    tenant.get("wallet/retrieve_by_signature", member).expect(200)
    found = tenant.get(f"card/{cards[1]['qrcode_uuid']}/qr_retrieve").expect(200)
    assert found["is_wallet_ephemere"] is True
    link = {"wallet": member.wallet, "card_qrcode_uuid": cards[1]["qrcode_uuid"]}
    linked = tenant.post("wallet/linkwallet_cardqrcode", link, member).expect(200)
    assert linked["number_printed"] == cards[1]["number_printed"]
    mine = tenant.get("wallet/retrieve_by_signature", member).expect(200)
    assert mine["has_user_card"] and balance(mine, money) > 0
    page = tenant.get("transaction/paginated_list_by_wallet_signature", member).expect(200)
    assert len(page["results"]) == 10 and page["next"].startswith("https://")
    assert [one["number_printed"] for one in tenant.get("card/retrieve_card_by_signature", member).expect(200)] == [cards[1]["number_printed"]]
    sale = till.sale(till.card(cards[1]["first_tag_id"]), money, 20, "52BE6543")
    till.post("transaction", sale).expect(201)
    left = balance(tenant.get("wallet/retrieve_by_signature", member).expect(200), money)
    assert left == balance(mine, money) - 20
    lost = tenant.post("card/lost_my_card_by_signature", {"number_printed": cards[1]["number_printed"]}, member)
    lost.expect(200)
    assert balance(till.card(cards[1]["first_tag_id"])["wallet"], money) == 0
    return member, left


def play_void(till, money):
    """Empties and voids a card; the answer shows the new, empty wallet."""
    cards = [new_card("AAAA0001", "AAAA0002")]
    till.post("card", cards).expect(201)
    card = till.card("AAAA0001")
    till.post("transaction", till.refill(card, money, 450, "52BE6543")).expect(201)
    body = {"primary_card_fisrtTagId": "52BE6543", "user_card_firstTagId": "AAAA0001", "action": "VID"}
    signature = till.rsa.sign_body(body)
    first = till.post("card/refund", body, signature)
    voided = first.expect(205)
    assert [one["amount"] for one in voided["serialized_transactions"]] == [450]
    assert balance(voided["before_refund_serialized_wallet"], money) == 450
    assert voided["serialized_card"]["wallet"]["uuid"] != card["wallet"]["uuid"]
    assert till.post("card/refund", body, signature).text == first.text
    assert till.post("card/set_primary", {"first_tag_id": "AAAA0001", "delete": True}).expect(205) == "remove ok"


def main():
    base, connection = sys.argv[1:3]
    assert send("GET", f"{base}/helloworld/", {}).expect(200) == {"message": "Hello world!"}
    till = Till(base, connection)
    money, cards = play_till(till)
    play_storm(till, money, cards)
    tenant = Tenant(base)
    admin = Person("admin@example.org")
    tenant.create_place("Salle des fêtes", admin)
    member, left = play_member(till, tenant, money, cards)
    play_void(till, money)
    print(json.dumps({"money": money, "place": till.place, "member": member.wallet, "left": left}))


main()
