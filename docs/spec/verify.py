#!/usr/bin/env python3
"""Checks receipts, balance statements and checkpoints of a Fedow book, and asks no node.

  python3 verify.py receipt FILE --key VKEY [--witness VKEY]
  python3 verify.py statement FILE --key VKEY [--witness VKEY]
  python3 verify.py checkpoint FILE --key VKEY [--witness VKEY]
  python3 verify.py consistency OLD NEW PROOF --key VKEY [--witness VKEY]

VKEY is the verifier key of the log, or of a witness; both may be given several times. Take it from
somebody whom you trust, never from whoever gave you the file. OLD and NEW are checkpoints, PROOF is
the answer of /api/v2/history/consistency.

It says what is proven and by whom, and exits with 0; or "not proven" and why, and exits with 1; or
that it was called wrongly, and exits with 2.

Written from the pages beside it; the comments name them. It needs Python 3.11 and the package
`cryptography`. It does not check that each action of a tx has the members of its page.
"""
import argparse, base64, functools, hashlib, json, re, sys, time, unicodedata
from collections import namedtuple
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

class NotProven(Exception):
    """A reason of receipts.md ("Reasons"), and what was found."""

def need(condition, reason, found):
    if not condition:
        raise NotProven(reason, found)

# ---- hashing.md; README.md on base64: one spelling for each value ---------------------------------

def H(*parts):
    return hashlib.sha256(b''.join(parts)).digest()

def inner(left, right):
    return H(b'\1', left, right)

def unbase64(text):
    """The bytes, or None for any other spelling."""
    try:
        found = base64.b64decode(text.encode('ascii'), validate=True)
    except ValueError:
        return None
    return found if base64.b64encode(found).decode() == text else None

def unbase64url(text):
    if not re.fullmatch('[A-Za-z0-9_-]*', text):
        return None
    return unbase64(text.replace('-', '+').replace('_', '/') + '=' * (-len(text) % 4))

def digest(text):
    """The 32 bytes of a hash in base64, or None."""
    found = unbase64(text) if isinstance(text, str) else None
    return found if found is not None and len(found) == 32 else None

# ---- tx.md, "Canonical JSON": read it, write it again, compare ------------------------------------

LARGEST = 2**53 - 1

def canonical(value, depth=0):
    if isinstance(value, str):
        value.encode()  # An unpaired surrogate has no UTF-8: ValueError.
    if value is None or isinstance(value, (str, bool)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) <= LARGEST:
        return str(value)
    if depth >= 12 or not isinstance(value, (list, dict)):
        raise ValueError('nested too deep, a fraction, or a number too large')
    if isinstance(value, list):
        return '[' + ','.join(canonical(one, depth + 1) for one in value) + ']'
    names = sorted(value, key=lambda name: name.encode('utf-16-be'))
    return '{' + ','.join(f'{canonical(n)}:{canonical(value[n], depth + 1)}' for n in names) + '}'

def read_json(text, what):
    try:
        value = json.loads(text)
        if canonical(value) == text:
            return value
    except (ValueError, RecursionError):
        pass
    raise NotProven('malformed', f'{what} is not canonical JSON')

# ---- Shapes: questions about a JSON value ---------------------------------------------------------

def like(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None

def whole(least, most=LARGEST):
    return lambda value: type(value) is int and least <= value <= most

def one_of(*wanted):
    return lambda value: any(type(value) is type(one) and value == one for one in wanted)

def many(shape, least, most):
    return lambda value: (isinstance(value, list) and least <= len(value) <= most
                          and all(shape(one) for one in value))

def members(shapes):
    """An object with exactly these members; one whose name ends in ? may be absent."""
    wanted = {name.rstrip('?'): (shape, name.endswith('?')) for name, shape in shapes.items()}
    return lambda value: (isinstance(value, dict) and set(value) <= set(wanted) and all(
        shape(value[name]) if name in value else may_miss
        for name, (shape, may_miss) in wanted.items()))

def either(one, other):
    return lambda value: one(value) or other(value)

def text(most):
    """Up to so many UTF-16 code units."""
    return lambda value: isinstance(value, str) and len(value.encode('utf-16-be')) <= 2 * most

def is_name(value):
    """tx.md, "Text forms", of at most 64."""
    return text(64)(value) and value == value.strip(' ') != '' and all(
        unicodedata.category(one) not in ('Cc', 'Cf', 'Cs', 'Zl', 'Zp') for one in value)

UUID = like('[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}')
HEX32 = like('[0-9a-f]{64}')
KEY = like('[A-Za-z0-9_-]{43}')  # x of a public key, or a kid
COUNT = whole(0)
TIME_US = whole(0, 9_000_000_000_000_000)
NULL = one_of(None)

def is_digest(value):
    return digest(value) is not None

# ---- tx.md, "Signatures": what verifiers differ on is refused first -------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826
SMALL_ORDER = (0, 1, P - 1, ORDER_8, P - ORDER_8)  # y of the eight points

def y_of(point):
    return int.from_bytes(point, 'little') % 2**255  # without the sign bit of x

def is_strict_signature(signature):
    return (len(signature) == 64 and int.from_bytes(signature[32:], 'little') < L
            and y_of(signature[:32]) < P and y_of(signature[:32]) not in SMALL_ORDER)

def plus(one, other):
    (a, b), (c, d) = one, other
    t = D * a * b * c * d
    return (a * d + b * c) * pow(1 + t, -1, P) % P, (b * d + a * c) * pow(1 - t, -1, P) % P

@functools.cache
def is_strict_key(x):
    """May it enter the book: on the curve, with [L]A = 0 (for which the sign makes no difference)?"""
    y = y_of(x)
    if len(x) != 32 or y >= P or y in SMALL_ORDER:
        return False
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square:
        root = root * pow(2, (P - 1) // 4, P) % P
    if root * root % P != square:
        return False
    total, power = (0, 1), (root, y)
    for bit in reversed(f'{L:b}'):
        total = plus(total, power) if bit == '1' else total
        power = plus(power, power)
    return total == (0, 1)

def verifies(x, message, signature):
    if not is_strict_signature(signature) or not is_strict_key(x):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(x).verify(signature, message)
        return True
    except InvalidSignature:
        return False

# ---- history.md -----------------------------------------------------------------------------------

def climb(fn, sn, first, hashes):
    """The way up of "Inclusion" and "Consistency": fr and sr (or r) at its end, None if it has no end."""
    fr = sr = first
    for one in hashes:
        if sn == 0:
            return None, None
        if fn % 2 == 1 or fn == sn:
            fr, sr = inner(one, fr), inner(one, sr)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn // 2, sn // 2
        else:
            sr = inner(sr, one)
        fn, sn = fn // 2, sn // 2
    return (fr, sr) if sn == 0 else (None, None)

def root_of_inclusion(leaf_hash, index, size, hashes):
    return climb(index, size - 1, leaf_hash, hashes)[1] if index < size else None

def is_consistent(old_size, old_root, new_size, new_root, hashes):
    if old_size == new_size:
        return hashes == [] and old_root == new_root
    if old_size == 0 or old_size > new_size or hashes == []:
        return old_size == 0 and hashes == []
    if old_size & (old_size - 1) == 0:  # a power of two
        hashes = [old_root, *hashes]
    fn, sn = old_size - 1, new_size - 1
    while fn % 2 == 1:
        fn, sn = fn // 2, sn // 2
    return climb(fn, sn, hashes[0], hashes[1:]) == (old_root, new_root)

# ---- state.md, "State tree" and "State proofs" ----------------------------------------------------

LEAF = members({'k': is_digest, 'siblings': many(is_digest, 0, 256), 'v': is_digest})
STATE_PROOF = either(members({'present': LEAF}),
                     members({'absent': members({'left?': LEAF, 'right?': LEAF})}))

def bit(path, depth):
    return path[depth // 8] >> (7 - depth % 8) & 1

def placed(leaf, root):
    """The path of a leaf, and its siblings from the root down; None when it does not hold."""
    path, siblings = H(digest(leaf['k'])), [digest(one) for one in leaf['siblings']]
    node = H(b'\0', path, H(digest(leaf['v'])))
    for depth, sibling in zip(reversed(range(len(siblings))), siblings):
        node = inner(node, sibling) if bit(path, depth) == 0 else inner(sibling, node)
    return (path, siblings[::-1]) if node == root else None

def is_in_state(root, key, value, proof):
    """Does it prove the record (a text) of a key, or, when that is None, that there is none?"""
    k = H(key.encode())
    if 'present' in proof:
        leaf = proof['present']
        return (value is not None and digest(leaf['k']) == k
                and digest(leaf['v']) == H(value.encode()) and placed(leaf, root) is not None)
    found = {side: placed(leaf, root) for side, leaf in proof['absent'].items()}
    if value is not None or found == {} or None in found.values():
        return False
    left, right = found.get('left'), found.get('right')
    if (left and not left[0] < H(k)) or (right and not H(k) < right[0]):
        return False
    fork = -1
    if left and right:
        fork = next(depth for depth in range(256) if bit(left[0], depth) != bit(right[0], depth))
        if fork >= min(len(left[1]), len(right[1])):
            return False
    return all(sibling == bytes(32)
               for side, inwards in ((left, 0), (right, 1)) if side
               for depth, sibling in enumerate(side[1])
               if depth > fork and bit(side[0], depth) == inwards)

# ---- checkpoints.md and witnesses.md --------------------------------------------------------------

VerifierKey = namedtuple('VerifierKey', 'name id type x')
Seen = namedtuple('Seen', 'chain size root state height signed cosigned unknown')

def is_key_name(text):
    return re.fullmatch(r'[^\s+\x00-\x1f]+', text) is not None

def read_vkey(written):
    """"Keys"."""
    found = re.fullmatch('([^+]+)[+]([0-9a-f]{8})[+]([A-Za-z0-9+/]+=*)', written)
    typed = unbase64(found[3]) if found and is_key_name(found[1]) else None
    if typed is None or len(typed) != 33 or typed[0] not in (1, 4) or not is_strict_key(typed[1:]):
        raise argparse.ArgumentTypeError(f'{written} is not a verifier key (checkpoints.md, "Keys")')
    id = H(found[1].encode(), b'\n', typed)[:4]
    if id.hex() != found[2]:
        raise argparse.ArgumentTypeError(f'{written} is misspelt: its key id would be {id.hex()}')
    return VerifierKey(found[1], id, typed[0], typed[1:])

def read_note(note):
    """"Note": the text, and the signatures as ((name, key id), rest)."""
    need(len(note.encode()) <= 65_536 and not re.search(r'[\x00-\x09\x0b-\x1f]', note),
         'malformed', 'the note is too large, or has control characters')
    body, blank, block = note.rpartition('\n\n')
    *lines, end = block.split('\n')
    need(blank and end == '' and 1 <= len(lines) <= 16,
         'malformed', 'a note is a text, an empty line, and 1 to 16 signature lines')
    signatures = {}
    for line in lines:
        found = re.fullmatch('\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)', line)
        held = unbase64(found[2]) if found and is_key_name(found[1]) else None
        need(held is not None and len(held) >= 5, 'malformed', f'this is no signature: {ascii(line)}')
        need((found[1], held[:4]) not in signatures, 'malformed', f'{ascii(found[1])} signed twice')
        signatures[found[1], held[:4]] = held[4:]
    return body + '\n', signatures

def time_of(rest):
    return int.from_bytes(rest[:8], 'big')

def holds(key, body, rest):
    """Does a signature hold? That of a witness: witnesses.md, "Co-signature"."""
    if key.type == 1:
        return verifies(key.x, body.encode(), rest)
    message = f'cosignature/v1\ntime {time_of(rest)}\n{body}'.encode()
    return time_of(rest) <= 9_000_000_000 and verifies(key.x, message, rest[8:])

def read_checkpoint(note, keys, witnesses):
    """"Text", then "Trust", in its order."""
    body, signatures = read_note(note)
    number = '(0|[1-9][0-9]{0,15})\n'
    found = re.fullmatch(f'fedow/([0-9a-f]{{32}})\n{number}([^\n]+)\nstate ([^\n]+)\n'
                         f'height {number}block ([^\n]+)\n', body)
    need(found, 'malformed', 'not the six lines of a checkpoint')
    chain, size, height = found[1], int(found[2]), int(found[5])
    root, state, block = digest(found[3]), digest(found[4]), digest(found[6])
    need(None not in (root, state, block) and max(size, height) <= LARGEST,
         'malformed', 'not the roots and numbers of a checkpoint')
    logs = {key[:2]: key for key in keys if key.type == 1}
    need(logs, 'nobody_trusted', 'you gave no key of a log')
    logs = {who: key for who, key in logs.items() if key.name == f'fedow/{chain}'}
    need(logs, 'other_chain', f'it is of the chain {chain}, the keys that you gave are not')
    known = {key[:2]: key for key in witnesses if key.type == 4}
    signed = [who for who in signatures if who in logs]
    cosigned = [who for who in signatures if who in known]
    need(signed, 'unknown_log_key', f'no key that you gave signed this of the chain {chain}')
    for who in signed:
        need(holds(logs[who], body, signatures[who]), 'bad_log_signature', who[0])
    for who in cosigned:
        need(holds(known[who], body, signatures[who]), 'bad_cosignature', who[0])
    return Seen(chain, size, root, state, height, signed,
                [(*who, time_of(signatures[who])) for who in cosigned],
                [who[0] for who in signatures if who not in logs and who not in known])

# ---- receipts.md ----------------------------------------------------------------------------------

POSITION = {'height': COUNT, 'index': COUNT, 'timeUs': TIME_US}
APPLIED = members({**POSITION, 'code': one_of(0), 'lines': many(HEX32, 0, 10_000)})
REJECTED = members({**POSITION, 'code': whole(1, 103),  # the last of rejections.md
                    'action': whole(0, 15), 'with': lambda value: isinstance(value, dict)})
IMPORTED = members({'id': UUID, 'hash': HEX32, 'previous': UUID})
LINE = members({
    'previous': either(NULL, HEX32), 'seq': whole(1), 'asset': UUID, 'from': UUID, 'to': UUID,
    'action': one_of(*'FST CRE REF SAL QRS SUB BDG FUS RFD BNK TRF COR HLD REL EXP OPN MLT RDS PRP '
                      'VOT APL GRT DVD EXC'.split()),
    'amount': COUNT, 'timeUs': TIME_US, 'card': either(NULL, UUID), 'primary': either(NULL, UUID),
    'tx': UUID, 'actionIndex': whole(0, 15), 'lineIndex': COUNT, 'imported?': IMPORTED})
FILE = {'v': one_of(1), 'checkpoint': text(65_536), 'check': like('[0-9a-f]{16}')}
SHARED = {**FILE, 'kind': one_of('receipt'), 'outcome': either(APPLIED, REJECTED), 'index': COUNT,
          'lines': many(LINE, 0, 10_000), 'hashes': many(is_digest, 0, 53)}
RECEIPT = either(members({**SHARED, 'tx': text(65_536), 'key': KEY}),
                 members({**SHARED, 'entry': text(1_024), 'id': UUID}))
ENTRY = members({'hold': UUID, 'kind': one_of('hold-expiry')})
PAYLOAD = members({
    'v': one_of(1), 'chain': like('[0-9a-f]{32}'), 'id': UUID, 'notAfter': whole(0, 9 * 10**12),
    'actions': many(lambda one: isinstance(one, dict) and like('[a-z-]+')(one.get('kind')), 1, 16)})

def read_file(written, shape, kind):
    """"Files"."""
    need(text(4_194_304)(written), 'malformed', 'the file is too large')
    found = read_json(written, 'the file')
    need(shape(found), 'malformed', f'it has not the members of a {kind}')
    return found

def need_undamaged(found):
    rest = {name: found[name] for name in found if name != 'check'}
    need(H(canonical(rest).encode())[:8].hex() == found['check'],
         'damaged', 'what is signed holds, but the file is not as it was written')

def read_tx(jws):
    """tx.md, "Bytes": the payload, the kid, what was signed, and the signature."""
    parts = [unbase64url(part) for part in jws.split('.')]
    need(len(parts) == 3 and None not in parts, 'malformed', 'the tx is no compact JWS')
    header = re.fullmatch(rb'\{"alg":"Ed25519","kid":"([A-Za-z0-9_-]{43})"\}', parts[0])
    need(header, 'malformed', 'the header of the tx')
    need(is_strict_signature(parts[2]), 'malformed', 'the signature of the tx')
    try:
        payload = read_json(parts[1].decode(), 'the payload of the tx')
    except UnicodeDecodeError:
        raise NotProven('malformed', 'the payload of the tx is not UTF-8')
    need(PAYLOAD(payload), 'malformed', 'the payload of the tx has not its members')
    return payload, header[1].decode(), jws.rpartition('.')[0].encode(), parts[2]

def entry_id(chain, height, index):
    """hashing.md: the UUIDv8 of a system entry."""
    place = height.to_bytes(8, 'big') + index.to_bytes(8, 'big')
    b = bytearray(H(b'system', bytes.fromhex(chain), place)[:16])
    b[6], b[8] = b[6] & 0x0F | 0x80, b[8] & 0x3F | 0x80
    return '-'.join(part.hex() for part in (b[:4], b[4:6], b[6:8], b[8:10], b[10:]))

def check_lines(lines, outcome, id, actions):
    hashes = outcome.get('lines', [])
    need(len(lines) == len(hashes), 'line_count', f'{len(lines)} lines, {len(hashes)} hashes')
    heads, above, time_us = {}, {'actionIndex': 0, 'lineIndex': -1}, outcome['timeUs'] - 1
    for number, line in enumerate(lines):
        before = bytes.fromhex(line['previous'] or '00' * 32)
        shown = canonical({name: line[name] for name in line if name != 'previous'})
        own = H(b'\2', before, shown.encode()).hex()  # hashing.md, "Lines"
        seq, head = heads.get(line['asset'], (0, None))
        same_action = line['actionIndex'] == above['actionIndex']
        for member, holds in (
                ('hash', own == hashes[number]),
                ('tx', line['tx'] == id),
                ('actionIndex', above['actionIndex'] <= line['actionIndex'] < max(actions, 1)),
                ('lineIndex', line['lineIndex'] == (above['lineIndex'] + 1 if same_action else 0)),
                ('timeUs', 'imported' in line or line['timeUs'] > time_us),
                ('previous', (line['previous'] is None) == (line['seq'] == 1)),
                ('seq', line['seq'] > seq),
                ('previous', head is None or line['seq'] > seq + 1 or line['previous'] == head)):
            need(holds, 'line_mismatch', f'{member} of line {number}')
        heads[line['asset']], above = (line['seq'], own), line
        time_us = time_us if 'imported' in line else line['timeUs']

def decided_leaf(id, content, outcome):
    """history.md, "Leaves": the hash of the leaf of a tx or entry, and of the JSON of its outcome."""
    leaf = bytes.fromhex(id.replace('-', '')) + H(content.encode()) + H(outcome.encode())
    return H(b'\0', leaf)

def check_receipt(written, keys, witnesses):
    """"Reasons", in their order."""
    receipt = read_file(written, RECEIPT, 'receipt')
    seen = read_checkpoint(receipt['checkpoint'], keys, witnesses)
    outcome, kid = receipt['outcome'], None
    if 'tx' in receipt:
        content = receipt['tx']
        payload, kid, message, signature = read_tx(content)
        id, actions = payload['id'], [action['kind'] for action in payload['actions']]
        need(payload['chain'] == seen.chain, 'tx_of_other_chain', payload['chain'])
        need(outcome.get('action', 0) < len(actions), 'malformed', 'an action that the tx has not')
    else:
        id, content, actions = receipt['id'], receipt['entry'], []
        need(ENTRY(read_json(content, 'the entry')), 'malformed', 'this is no system entry')
        need(outcome['code'] == 0, 'malformed', 'a system entry is always applied')
        need(id == entry_id(seen.chain, outcome['height'], outcome['index']), 'other_entry_id', id)
    need(outcome['height'] <= seen.height, 'later_than_checkpoint', f'height {outcome["height"]}')
    leaf_hash = decided_leaf(id, content, canonical(outcome))
    hashes = [digest(one) for one in receipt['hashes']]
    need(root_of_inclusion(leaf_hash, receipt['index'], seen.size, hashes) == seen.root,
         'not_in_history', f'number {receipt["index"]} of {seen.size}')
    if kid is not None:
        thumbprint = H(b'{"crv":"Ed25519","kty":"OKP","x":"%s"}' % receipt['key'].encode())
        need(unbase64url(kid) == thumbprint, 'other_tx_key', kid)
        x = unbase64url(receipt['key'])
        need(x is not None and is_strict_key(x), 'weak_tx_key', kid)
        need(verifies(x, message, signature), 'bad_tx_signature', kid)
    check_lines(receipt['lines'], outcome, id, len(actions))
    need_undamaged(receipt)
    return receipt, seen, id, actions, kid

# ---- statements.md --------------------------------------------------------------------------------

RECORD = members({'key': text(128), 'value': either(NULL, text(65_536)), 'proof': STATE_PROOF})
STATEMENT = members({**FILE, 'kind': one_of('statement'), 'wallet': UUID,
                     'records': many(RECORD, 1, 1_025)})
DAY = whole(0, 104_166)
WALLET = members({
    'kind': one_of(*'person place card fund keeper issuance reserve pool'.split()), 'place?': UUID,
    'name?': is_name, 'node?': UUID, 'origin?': UUID, 'keys?': many(KEY, 0, 32),
    'activeDay?': DAY, 'keptUntilDay?': DAY,
    'assets': many(UUID, 0, 512)})
ACCOUNT = members({
    'balance': whole(-LARGEST), 'held': COUNT, 'last': COUNT,
    'sinceDay?': DAY, 'ageMs?': whole(0, 9_000_000_000_000), 'meltedDay?': DAY})

def read_record(record, shape):
    if record['value'] is None:
        return None
    found = read_json(record['value'], record['key'])
    need(shape(found), 'malformed', f'the record {record["key"]}')
    return found

def check_statement(written, keys, witnesses):
    """"Reasons", in their order."""
    statement = read_file(written, STATEMENT, 'statement')
    seen = read_checkpoint(statement['checkpoint'], keys, witnesses)
    wallet, (own, *rest) = statement['wallet'], statement['records']
    assets = [record['key'].removeprefix(f'account/{wallet}/') for record in rest]
    need(own['key'] == f'wallet/{wallet}' and len(set(assets)) == len(assets)
         and all(UUID(asset) and record['key'] == f'account/{wallet}/{asset}'
                 for record, asset in zip(rest, assets)),
         'malformed', 'the record of the wallet, then its accounts, each once')
    for record in statement['records']:
        holds = is_in_state(seen.state, record['key'], record['value'], record['proof'])
        need(holds, 'not_in_state', record['key'])
    own = read_record(own, WALLET)
    need(own is not None, 'wallet_absent', wallet)
    accounts = {asset: read_record(record, ACCOUNT) for asset, record in zip(assets, rest)}
    for asset in own['assets']:
        need(accounts.get(asset) is not None, 'account_missing', asset)
    need_undamaged(statement)
    return wallet, seen, own, accounts

# ---- history.md, "Consistency", between two checkpoints -------------------------------------------

def check_consistency(old, new, proof, keys, witnesses):
    old, new = (read_checkpoint(note, keys, witnesses) for note in (old, new))
    need(old.chain == new.chain, 'other_chain', f'{old.chain} and {new.chain}')
    try:
        found = json.loads(proof)
    except (ValueError, RecursionError):
        found = None
    shape = members({'from': COUNT, 'to': COUNT, 'hashes': many(is_digest, 0, 106)})
    need(shape(found), 'malformed', 'a proof has the members from, to and hashes')
    need((found['from'], found['to']) == (old.size, new.size), 'malformed', 'a proof of other sizes')
    hashes = [digest(one) for one in found['hashes']]
    need(is_consistent(old.size, old.root, new.size, new.root, hashes), 'not_consistent',
         f'the history of {new.size} leaves does not begin with that of {old.size}')
    return old, new

# ---- What it says ---------------------------------------------------------------------------------

def date(seconds):
    return time.strftime('%A %Y-%m-%d %H:%M:%S UTC', time.gmtime(seconds))

def say_who(seen):
    for name, id in seen.signed:
        print(f'Signed by the log {name}, key {id.hex()}.')
    for name, id, seconds in seen.cosigned:
        print(f'Co-signed by the witness {name}, key {id.hex()}, on {date(seconds)}: the history is '
              'the one that it saw grow. It says nothing of the state.')
    for name in seen.unknown:
        print(f'Not checked: a signature in the name of {ascii(name)}, of a key that you did not give.')

def say_receipt(receipt, seen, id, actions, kid):
    outcome = receipt['outcome']
    became = 'applied' if outcome['code'] == 0 else (
        f'rejected (rejections.md, number {outcome["code"]}, action {outcome["action"]})')
    print(f'Proven: the {"tx" if kid else "system entry"} {id} was {became} at height '
          f'{outcome["height"]} of the book {seen.chain}, on {date(outcome["timeUs"] // 10**6)}. '
          f'It is number {receipt["index"]} in a history of {seen.size}.')
    for line in receipt['lines']:
        print(f'  {line["action"]} {line["amount"]} minor units of {line["asset"]} '
              f'from {line["from"]} to {line["to"]}'
              + (', imported: it moved nothing here' if 'imported' in line else ''))
    if kid:
        print(f'Asked for ({", ".join(actions)}) and signed by the key {kid}.')
    say_who(seen)
    print('Not proven: what came later; that the key had the right, for which the log stands.')

def say_statement(wallet, seen, own, accounts):
    print(f'Proven: after height {seen.height} of the book {seen.chain} the wallet {wallet} '
          f'({own["kind"]}) had')
    for asset, account in accounts.items():
        print(f'  {account["balance"]} minor units of {asset}, {account["held"]} of them held'
              if account else f'  no account in {asset}')
    print('and perhaps others: the wallet of a keeper lists none.' if own['kind'] == 'keeper'
          else 'and no other account.')
    say_who(seen)
    print('Not proven: what it has now.')

def say_checkpoint(*seen):
    for one in seen:
        print(f'Proven: the log of the book {one.chain} says that at height {one.height} its history '
              f'had {one.size} leaves with the root {one.root.hex()}, and its state the root '
              f'{one.state.hex()}.')
        say_who(one)
    if len(seen) == 2:
        print(f'Proven: the {seen[1].size} leaves begin with the {seen[0].size}, unchanged.')

COMMANDS = {
    'receipt': (1, check_receipt, lambda found: say_receipt(*found)),
    'statement': (1, check_statement, lambda found: say_statement(*found)),
    'checkpoint': (1, read_checkpoint, say_checkpoint),
    'consistency': (3, check_consistency, lambda found: say_checkpoint(*found)),
}

def main():
    usage = argparse.ArgumentParser(usage=__doc__.partition('\n\n')[2], add_help=False)
    usage.add_argument('command', choices=COMMANDS)
    usage.add_argument('files', nargs='+')
    usage.add_argument('--key', type=read_vkey, action='append', default=[])
    usage.add_argument('--witness', type=read_vkey, action='append', default=[])
    asked = usage.parse_args()
    count, check, say = COMMANDS[asked.command]
    if len(asked.files) != count:
        usage.error(f'{asked.command} needs {count} of them, you named {len(asked.files)}')
    try:
        written = [open(file, 'rb').read() for file in asked.files]
    except OSError as cause:
        usage.error(str(cause))
    try:
        texts = [one.decode() for one in written]
        if asked.command in ('receipt', 'statement'):
            texts = [re.sub('\r?\n\\Z', '', one) for one in texts]  # receipts.md, "Files"
        say(check(*texts, asked.key, asked.witness))
    except UnicodeDecodeError:
        sys.exit('not proven: malformed: it is not UTF-8')
    except NotProven as reason:
        sys.exit(f'not proven: {reason.args[0]}: {reason.args[1]}')

if __name__ == '__main__':
    main()
