# Roots of sub-tries by their definition (docs/formats/state-root.md), with nothing but SHA-256.
# Reads [{"keyBytes", "hasValues", "records": [[key, value], ...]}, ...] in hex, prints one root a line.
import hashlib, json, sys

def sha(data):
    return hashlib.sha256(data).digest()

def record(key, value, has_values):
    if not has_values:
        return key
    if len(key) + 2 + len(value) <= 512:
        return key + len(value).to_bytes(2, "little") + value
    return key + b"\xff\xff" + len(value).to_bytes(4, "little") + sha(value)

def bits_of(key):
    return "".join(f"{byte:08b}" for byte in key)

def prefix(bits):
    return int(bits.ljust(256, "0"), 2).to_bytes(32, "big")

def root(items, start):
    """items: sorted [(bits, record)], all sharing the first `start` bits."""
    body = b"".join(one for _, one in items)
    if len(body) <= 4096 - 40:
        head = start.to_bytes(2, "little") + len(items).to_bytes(2, "little")
        page = head + len(body).to_bytes(4, "little") + prefix(items[0][0][:start]) + body
        return sha(b"\x00" + page.ljust(4096, b"\x00"))
    fork = next(i for i in range(start, 256) if items[0][0][i] != items[-1][0][i])
    left = root([one for one in items if one[0][fork] == "0"], fork + 1)
    right = root([one for one in items if one[0][fork] == "1"], fork + 1)
    return sha(b"\x01" + fork.to_bytes(2, "little") + prefix(items[0][0][:fork]) + left + right)

for case in json.load(sys.stdin):
    pairs = [(bytes.fromhex(key), bytes.fromhex(value)) for key, value in case["records"]]
    items = sorted((bits_of(key), record(key, value, case["hasValues"])) for key, value in pairs)
    print(root(items, 0).hex() if items else "00" * 32)
