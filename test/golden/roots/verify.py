# Checks proofs and logs of root headers (docs/formats/proof.md, root-header.md) with nothing but SHA-256.
# Reads {"proofs": [...], "growths": [...], "log": {"headers", "roots", "consistency"}}, prints what fails, or "all hold".
import base64, hashlib, json, sys

def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def le(number, size): return number.to_bytes(size, "little")
def cut(key, bits): return (int(bits and key.hex(), 16) >> (8 * len(key) - bits) << (256 - bits)).to_bytes(32, "big") if bits else bytes(32)
def split(n): return 1 << (n - 1).bit_length() - 1
def fork(bits, prefix, left, right): return sha(b"\1", le(bits, 2), prefix, left, right)

def log_root(leaves):
    if len(leaves) < 2: return leaves[0] if leaves else sha()
    return sha(b"\1", log_root(leaves[:split(len(leaves))]), log_root(leaves[split(len(leaves)):]))

def included(leaf, index, size, proof):
    if size == 1: return leaf if not proof else b""
    half, *rest = split(size), *proof[:-1]
    if index < half: return sha(b"\1", included(leaf, index, half, rest), proof[-1])
    return sha(b"\1", proof[-1], included(leaf, index - half, size - half, rest))

def grown(older, newer, proof, root, whole):
    if older == newer:
        assert len(proof) == (0 if whole else 1), "hashes that are not needed, or missing"
        return (root, root) if whole else (proof[0], proof[0])
    half, top = split(newer), proof[-1]
    if older <= half:
        old, new = grown(older, half, proof[:-1], root, whole)
        return old, sha(b"\1", new, top)
    old, new = grown(older - half, newer - half, proof[:-1], root, False)
    return sha(b"\1", top, old), sha(b"\1", top, new)

def check_proof(file):
    key, end, state = sha(file["path"].encode())[:8], file["end"], file["state"]
    bit = lambda at: key[at // 8] >> 7 - at % 8 & 1
    start, held = file["forks"][-1]["prefixBits"] + 1 if file["forks"] else 0, None
    if end["kind"] == "page":
        page = base64.b64decode(end["page"]).ljust(4096, b"\0")
        assert page[:2] == le(start, 2) and page[8:40] == cut(key, start), "the page is another key's"
        at, node = 40, sha(b"\0", page)
        for _ in range(int.from_bytes(page[2:4], "little")):
            size = int.from_bytes(page[at + 8 : at + 10], "little")
            size = 36 if size == 0xFFFF else size
            held = page[at + 8 : at + 10 + size] if page[at : at + 8] == key else held
            at += 10 + size
    elif end["kind"] == "fork":
        bits, prefix, *sides = end["prefixBits"], *(bytes.fromhex(end[part]) for part in ("prefix", "left", "right"))
        assert bits >= start and prefix != cut(key, bits), "the fork has the key's prefix"
        node = fork(bits, prefix, *sides)
    else:
        node = bytes(32)
    for one in reversed(file["forks"]):
        pair = [node, bytes.fromhex(one["sibling"])]
        node = fork(one["prefixBits"], cut(key, one["prefixBits"]), *(pair[::-1] if bit(one["prefixBits"]) else pair))
    value = bytes.fromhex(file.get("value", ""))
    record = le(len(value), 2) + value if len(value) <= 502 else b"\xff\xff" + le(len(value), 4) + sha(value)
    assert held == (record if file["claim"] == "present" else None), "the page says otherwise"
    assert node.hex() == state["nodeRoot"], "node root"
    roots = [bytes.fromhex(state[part]) for part in ("nodeRoot", "edgeRoot", "fileRoot")]
    counts = [le(state[part], 8) for part in ("nodeCount", "edgeCount", "fileCount")]
    header, log = bytes.fromhex(file["header"]), file["log"]
    assert header[48:80] == sha(b"\2", le(state["schemaVersion"], 4), le(state["pageBytes"], 4), *roots, *counts), "state root"
    proof = [bytes.fromhex(one) for one in log["proof"]]
    assert included(sha(b"\0", header), log["index"], log["size"], proof).hex() == log["root"], "log root"

def check_point(point):
    header, proof = bytes.fromhex(point["header"]), [bytes.fromhex(one) for one in point["proof"]]
    assert header[:8] == le(point["size"], 8), "the header is of another commit"
    assert included(sha(b"\0", header), point["size"] - 1, point["size"], proof).hex() == point["root"], "log root of a point"
    return bytes.fromhex(point["root"])

def check_growth(file):
    roots, proof = (check_point(file["before"]), check_point(file["after"])), [bytes.fromhex(one) for one in file["proof"]]
    assert grown(file["before"]["size"], file["after"]["size"], proof, roots[0], True) == roots, "growth"

given = json.load(sys.stdin)
log, leaves = given["log"], [sha(b"\0", bytes.fromhex(header)) for header in given["log"]["headers"]]
for number, header in enumerate(log["headers"]):
    assert bytes.fromhex(header)[16:48] == (leaves[number - 1] if number else bytes(32)), "chain"
for size, root in enumerate(log["roots"]):
    assert log_root(leaves[:size]).hex() == root, f"log root {size}"
for older, newer, proof in log["consistency"]:
    roots = log_root(leaves[:older]), log_root(leaves[:newer])
    assert grown(older, newer, [bytes.fromhex(one) for one in proof], roots[0], True) == roots, f"{older} to {newer}"
for one in given["proofs"]:
    check_proof(one)
for one in given["growths"]:
    check_growth(one)
print("all hold")
