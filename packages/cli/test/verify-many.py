"""Puts many questions to docs/spec/verify.py at once: a JSON list of [name, ...] comes in, one of answers goes out."""
import json
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import verify


def vkeys(written):
    return [verify.read_vkey(one) for one in written]


def signers(seen):
    return {
        'chain': seen.chain,
        'size': seen.size,
        'sealed': seen.height,
        'signed': [{'key': id.hex(), 'name': name} for name, id in seen.signed],
        'cosigned': [{'key': id.hex(), 'name': name, 'timeS': at} for name, id, at in seen.cosigned],
        'unknownCosigners': seen.unknown,
    }


def receipt(text, keys, witnesses):
    found, seen, id, actions, kid = verify.check_receipt(text, vkeys(keys), vkeys(witnesses))
    outcome = found['outcome']
    return {
        **signers(seen),
        **({'signer': kid} if kid else {}),
        'tx': id,
        'actions': actions,
        'status': 'applied' if outcome['code'] == 0 else 'rejected',
        'height': outcome['height'],
        'timeUs': outcome['timeUs'],
        'index': found['index'],
        'lines': found['lines'],
    }


def statement(text, keys, witnesses):
    wallet, seen, own, accounts = verify.check_statement(text, vkeys(keys), vkeys(witnesses))
    return {
        **signers(seen),
        'wallet': wallet,
        'kind': own['kind'],
        'isComplete': own['kind'] != 'keeper',
        'accounts': [
            {
                'asset': asset,
                'balance': account['balance'] if account else 0,
                'held': account['held'] if account else 0,
                'isOpen': account is not None,
            }
            for asset, account in accounts.items()
        ],
    }


def note(text):
    body, signatures = verify.read_note(text)
    told = [
        {'name': name, 'id': id.hex(), 'bytes': rest.hex()}
        for (name, id), rest in signatures.items()
    ]
    return {'text': body, 'signatures': told}


def key(text):
    found = verify.read_vkey(text)
    return {'keyName': found.name, 'id': found.id.hex(), 'type': found.type, 'x': found.x.hex()}


def checkpoint(text):
    return signers(verify.read_checkpoint(text, [], []))


def signatures(text, keys):
    """The known keys that signed; None when the note must not be believed."""
    body, held = verify.read_note(text)
    known = {one[:2]: one for one in vkeys(keys)}
    signed = [who for who in held if who in known]
    if signed == [] or not all(verify.holds(known[who], body, held[who]) for who in signed):
        return None
    timed = {who: {'timeS': verify.time_of(held[who])} if known[who].type == 4 else {} for who in signed}
    return [{'name': who[0], 'id': who[1].hex(), **timed[who]} for who in signed]


def unhex(texts):
    return [bytes.fromhex(one) for one in texts]


def inclusion(leaf, index, size, hashes):
    root = verify.root_of_inclusion(bytes.fromhex(leaf), index, size, unhex(hashes))
    return root and root.hex()


def consistency(old, old_root, new, new_root, hashes):
    return verify.is_consistent(
        old, bytes.fromhex(old_root), new, bytes.fromhex(new_root), unhex(hashes)
    )


def state(root, key, value, proof):
    return verify.STATE_PROOF(proof) and verify.is_in_state(bytes.fromhex(root), key, value, proof)


def signature(x, message, signed):
    x, message, signed = unhex([x, message, signed])
    return {
        'strictKey': verify.is_strict_key(x),
        'strictSignature': verify.is_strict_signature(signed),
        'holds': verify.verifies(x, message, signed),
    }


def decided(id, content, outcome):
    return verify.decided_leaf(id, content, outcome).hex()


def leaves(data):
    return [verify.H(b'\0', bytes.fromhex(one)).hex() for one in data]


def root(hashes, size):
    """hashing.md, "Merkle trees"."""
    if size == 0:
        return verify.H().hex()
    level = unhex(hashes[:size])
    while len(level) > 1:
        pairs = [verify.inner(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()


def lines(shown, outcome, id, actions):
    """What of the lines does not fit; None when all do."""
    try:
        verify.check_lines(shown, outcome, id, actions)
    except verify.NotProven as reason:
        return reason.args[1]
    return None


def shape(name, value):
    return getattr(verify, name)(value)


def canonical(text):
    verify.read_json(text, 'it')
    return True


def answer(name, *args):
    try:
        return globals()[name](*args)
    except verify.NotProven as reason:
        return {'reason': reason.args[0]}
    except verify.argparse.ArgumentTypeError:
        return {'reason': 'no key'}


json.dump([answer(*one) for one in json.load(sys.stdin.buffer)], sys.stdout)
