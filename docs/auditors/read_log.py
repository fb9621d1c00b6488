#!/usr/bin/env python3
"""Reads a published log of SoTicket Ledger and checks it, sharing no code with the program that wrote it.

    python3 -m venv v && v/bin/pip install blake3==1.0.11
    v/bin/python read_log.py FOLDER [--key VKEY] [--seen FILE] [--receipt FILE] [--witness VKEY --quorum N] [--json]

FOLDER is the published folder of one log, or the folder above several. Ends with 0 when nothing is wrong, 1 when
something is, 2 when there is nothing that can be checked. Python 3.11, the standard library, and blake3.
Formats: docs/format.md (records), c2sp.org/tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature, tlog-proof.
"""
import argparse, base64, binascii, datetime, hashlib, json, os, re, struct, sys

try:
    from blake3 import blake3
except ImportError:
    sys.exit("read_log.py needs blake3: pip install blake3==1.0.11 (nothing was checked)")

TILE, SPAN, HEADER, PAYLOAD_MAX, LISTED_MAX = 256, 2048, 108, 60 * 1024, 1000
EVENT, GENESIS = "soticket-ledger 2026 event v1", "soticket-ledger 2026 genesis v1"
KEY_REGISTERED = 170
CHAIN_RULES = {"READABLE", "FORMAT", "ORGANISATION", "POSITION", "LINK", "TIME", "COMMAND", "HEAD"}
RECORD_RULES = CHAIN_RULES | {"TILE"}
NAMES = ["chain", "checkpoint", "seen", "witnesses", "timestamp"]


# ---- hashes (RFC 6962) -------------------------------------------------------------------------------------------
def leaf_hash(entry): return hashlib.sha256(b"\0" + entry).digest()
def node_hash(left, right): return None if left is None or right is None else hashlib.sha256(b"\1" + left + right).digest()


def whole(hashes):
    """Root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def rooted(hashes, right=()):
    """Root once `hashes`, complete subtrees of equal height, stand left of `right` (a tuple: empty, or one root)."""
    end = len(hashes)
    while end:
        begin = end & (end - 1)
        peak = whole(hashes[begin:end])
        right = (node_hash(peak, right[0]),) if right else (peak,)
        end = begin
    return right


def proved_root(leaf, index, size, proof):
    """The root that an inclusion proof leads to, or None when the proof cannot be one (RFC 9162, 2.1.3.2)."""
    if index >= size: return None
    fn, sn, root = index, size - 1, leaf
    for hash in proof:
        if sn == 0: return None
        if fn & 1 or fn == sn:
            root = node_hash(hash, root)
            while not fn & 1 and fn: fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, hash)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


# ---- Ed25519 (RFC 8032), verification only ------------------------------------------------------------------------
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def ed_point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P: return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P: x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and sign): return None
    if x & 1 != sign: x = P - x
    return x, y, 1, x * y % P


def ed_add(a, b):
    t1, t2 = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    t3, t4 = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t2 - t1, t4 - t3, t4 + t3, t2 + t1
    return e * f % P, g * h % P, f * g % P, e * h % P


def ed_mul(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1: result = ed_add(result, point)
        point, n = ed_add(point, point), n >> 1
    return result


BASE = ed_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed_verify(public, message, signature):
    a, r, s = ed_point(public), ed_point(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L: return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = ed_mul(s, BASE), ed_add(r, ed_mul(k, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# ---- signed notes, checkpoints, proofs ----------------------------------------------------------------------------
def from_base64(text):
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text: raise ValueError("base64 in another form than its one")
    return raw


class Key:
    """A verifier key: NAME+HEX+BASE64 (C2SP signed-note). Kind 1 signs notes, kind 4 cosigns checkpoints."""
    def __init__(self, text):
        name, id, key = text.strip().split("+", 2)
        key = from_base64(key)
        self.name, self.kind, self.public, self.text = name, key[0], key[1:], text.strip()
        self.id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
        if self.id.hex() != id or len(key) != 33 or self.kind not in (1, 4): raise ValueError("no key: " + text)

    @staticmethod
    def of(name, public):
        key = b"\1" + public
        id = hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8]
        return Key(f"{name}+{id}+{base64.b64encode(key).decode()}")


class Note:
    """A checkpoint with its signatures; raises ValueError when the text is none."""
    def __init__(self, data):
        text = data.decode("utf-8")
        if len(data) > 65536 or re.search("[\x00-\x09\x0b-\x1f]", text): raise ValueError("no signed note")
        body, gap, lines = text.rpartition("\n\n")
        if not gap or not lines.endswith("\n"): raise ValueError("no signed note")
        self.text, self.signatures = body + "\n", []
        for line in lines[:-1].split("\n"):
            match = re.fullmatch("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)", line)
            if not match: raise ValueError("no signed note")
            raw = from_base64(match[2])
            if len(raw) < 5: raise ValueError("no signed note")
            self.signatures.append((match[1], raw[:4], raw[4:]))
        lines = self.text.split("\n")
        if len(lines) < 4 or not lines[0] or "" in lines[3:-1] or not re.fullmatch("0|[1-9][0-9]*", lines[1]): raise ValueError("no checkpoint")
        self.origin, self.size, self.root = lines[0], int(lines[1]), from_base64(lines[2])
        if len(self.root) != 32: raise ValueError("no checkpoint")

    def check(self, key):
        """Whether the key has signed: None when it has not, False when its signature is wrong."""
        for name, id, signature in self.signatures:
            if (name, id) != (key.name, key.id): continue
            if key.kind == 1: return ed_verify(key.public, self.text.encode(), signature)
            if len(signature) != 72: return False
            time = struct.unpack(">Q", signature[:8])[0]
            return ed_verify(key.public, f"cosignature/v1\ntime {time}\n{self.text}".encode(), signature[8:])
        return None


def read_proof(data):
    """Index, sibling hashes and checkpoint of a .tlog-proof file."""
    head, _, checkpoint = data.partition(b"\n\n")
    lines = head.decode("ascii").split("\n")
    if lines.pop(0) != "c2sp.org/tlog-proof@v1": raise ValueError("no proof")
    if lines and lines[0].startswith("extra "): lines.pop(0)
    if not lines or not re.fullmatch("index (0|[1-9][0-9]*)", lines[0]): raise ValueError("no proof")
    return int(lines[0][6:]), [from_base64(line) for line in lines[1:]], Note(checkpoint)


# ---- one published log --------------------------------------------------------------------------------------------
def tile_path(level, number, width):
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/" + "/".join(groups) + (f".p/{width}" if width < TILE else "")


def read_id(record): return record[4:20].hex()


def instant(us):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us)
    digits = f".{time.microsecond:06}".rstrip("0") if time.microsecond else ""
    return time.strftime("%Y-%m-%dT%H:%M:%S") + digits + "Z"


class Log:
    def __init__(self, folder):
        self.folder, self.violations, self.total, self.rules = folder, [], 0, {}
        self.records = self.bytes = self.tiles = self.checkpoints = 0
        self.registered, self.roots, self.leaves = [], {}, {}
        self.newest, self.newest_error = None, None
        try: self.newest = Note(self.file("checkpoint") or b"")
        except ValueError: self.newest_error = "checkpoint: it is no signed checkpoint"
        names = os.listdir(os.path.join(folder, "checkpoints")) if os.path.isdir(os.path.join(folder, "checkpoints")) else []
        self.kept = sorted(int(name) for name in names if re.fullmatch("0|[1-9][0-9]*", name))
        self.timestamps = [name for name in names if re.fullmatch("(0|[1-9][0-9]*)[.]tsr", name)]
        self.size = self.newest.size if self.newest else max(self.kept, default=0)
        # Whose log: by the name on its checkpoint, or by its first record where that names nobody.
        named = self.newest.origin.rpartition("/")[2] if self.newest else ""
        self.cooperative = named == "cooperative"
        first = (self.entries(0)[1] or [b""])[0] or b""
        if re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", named): self.organisation = bytes.fromhex(named.replace("-", ""))
        else: self.organisation = first[4:20] if first.startswith(b"STL1") and len(first) >= 20 else bytes(16)
        self.name = "cooperative" if self.cooperative else self.organisation_name(self.organisation)

    @staticmethod
    def organisation_name(id):
        text = id.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def file(self, path):
        try:
            with open(os.path.join(self.folder, path), "rb") as file: return file.read()
        except FileNotFoundError: return None

    def violation(self, position, rule, detail):
        self.total += 1
        self.rules[rule] = self.rules.get(rule, 0) + 1
        if self.rules[rule] <= LISTED_MAX:
            self.violations.append({"position": position, "rule": rule, "detail": detail})

    def longer(self, level, number):
        """In the place of a part that is not there any more: the whole tile or bundle, or the longest part."""
        whole = tile_path(level, number, TILE)
        data, parts = self.file(whole), os.path.join(self.folder, whole + ".p")
        if data is None and os.path.isdir(parts):
            widths = [int(name) for name in os.listdir(parts) if name.isdecimal()]
            data = self.file(f"{whole}.p/{max(widths)}") if widths else None
        return data

    def entries(self, number):
        """Fault of the bundle as a whole, and its entries; an entry is None where it cannot be found."""
        width = min(TILE, self.size - number * TILE)
        if width <= 0: return None, []
        path, exact = tile_path("entries", number, width), self.file(tile_path("entries", number, width))
        data = exact if exact is not None else self.longer("entries", number)
        if data is None: return f"{path} is not there", [None] * width
        entries, at = [], 0
        for _ in range(width):
            length = int.from_bytes(data[at:at + 2], "big")
            if at + 2 + length > len(data) or at + 2 > len(data): break
            entries.append(data[at + 2:at + 2 + length])
            at += 2 + length
        if exact is not None and at < len(data) and len(entries) == width:
            return f"{path} holds more than its {width} entries", [None] * width
        return f"{path} ends before its {width} entries", entries + [None] * (width - len(entries))

    # ---- the records
    def read(self, sizes, wanted):
        """Goes once through all entries: the chain, the tree and its tiles, roots at `sizes`, leaves at `wanted`."""
        sizes, wanted = sorted({size for size in sizes if size <= self.size} | {self.size}), set(wanted)
        self.chain_begin()
        levels, leaves = [], []
        for number in range(-(-self.size // TILE)):
            fault, entries = self.entries(number)
            leaves = []
            for position, entry in enumerate(entries, number * TILE):
                if self.cooperative: entry = self.member(position, entry, fault)
                else: entry = self.record(position, entry, fault, number)
                leaves.append(None if entry is None else leaf_hash(entry))
                if position in wanted and leaves[-1]: self.leaves[position] = leaves[-1]
            while sizes and sizes[0] // TILE == number:
                self.root_at(sizes.pop(0), levels, leaves, number)
            if len(leaves) == TILE: self.push(levels, number, leaves)
        while sizes: self.root_at(sizes.pop(0), levels, [], 0)
        if not self.cooperative: self.chain_end()

    def push(self, levels, number, hashes, level=0):
        self.tile(level, number, hashes)
        if level == len(levels): levels.append([0, []])
        levels[level][1].append(whole(hashes))
        if len(levels[level][1]) == TILE:
            above, levels[level] = levels[level], [levels[level][0] + 1, []]
            self.push(levels, above[0], above[1], level + 1)

    def root_at(self, size, levels, leaves, number):
        part = leaves[:size % TILE]
        if part: self.tile(0, number, part)
        for level, (number, hashes) in enumerate(levels, 1):
            if hashes: self.tile(level, number, hashes)
        root = rooted(part)
        for _, hashes in levels: root = rooted(hashes, root)
        self.roots[size] = root[0] if root else hashlib.sha256().digest()

    def tile(self, level, number, hashes):
        width, count = len(hashes), self.size >> 8 * level
        needed = number < count // TILE if width == TILE else (number, width) == divmod(count, TILE)
        path, first = tile_path(level, number, width), number * TILE ** (level + 1)
        data = self.file(path)
        if data is None and needed: data = (self.longer(level, number) or b"")[:width * 32] or None
        if data is None:
            if needed: self.violation(first, "TILE", f"{path} is not there")
            return
        self.tiles += 1
        stored = [data[at:at + 32] for at in range(0, len(data), 32)]
        if len(stored) != width or any(hash not in (None, found) for hash, found in zip(hashes, stored)):
            self.violation(first, "TILE", f"{path} is not what the records give")

    # ---- the chain
    def chain_begin(self):
        self.hash = blake3(self.organisation, derive_key_context=GENESIS).digest()
        self.time, self.command, self.gap = -2**63, None, False

    def record(self, position, entry, fault, number):
        if entry is not None:
            length = int.from_bytes(entry[104:108], "big")
            if entry[:4] != b"STL1" or len(entry) < HEADER or length > PAYLOAD_MAX or len(entry) != HEADER + length:
                entry, fault = None, f"entry {position} of {tile_path('entries', number, min(TILE, self.size - number * TILE))} is no record"
        if entry is None:
            if not self.gap or position % SPAN == 0: self.violation(position, "READABLE", fault)
            self.gap, self.hash, self.command = True, None, None
            return None
        organisation, own, previous, kind, _, recorded = struct.unpack_from(">16sQ32sHHq", entry, 4)
        actor, command, part, parts = struct.unpack_from(">I16sHH", entry, 80)
        if organisation != self.organisation:
            self.violation(position, "ORGANISATION", f"it belongs to {self.organisation_name(organisation)}")
        if own != position: self.violation(position, "POSITION", f"it says that it is record {own}")
        if self.hash not in (None, previous): self.violation(position, "LINK", f"it continues {previous.hex()}")
        if recorded < self.time:
            self.violation(position, "TIME", f"recorded at {instant(recorded)}, before its predecessor")
        this = (command, actor, part, parts)
        fits = self.command == this if self.command else part == 0 or self.hash is None
        if not fits or part >= parts:
            self.violation(position, "COMMAND", f"part {part} of {parts} does not continue what is before it")
        self.command = (command, actor, part + 1, parts) if part + 1 < parts else None
        self.hash, self.time, self.gap = blake3(entry, derive_key_context=EVENT).digest(), recorded, False
        self.records, self.bytes = self.records + 1, self.bytes + len(entry)
        if kind == KEY_REGISTERED: self.register(entry[HEADER:])
        return entry

    def chain_end(self):
        if self.command:
            self.violation(self.size, "COMMAND", "the last command has fewer parts than it says")
        if self.gap:
            self.violation(self.size, "HEAD", f"the records end at {self.size} with nothing readable, the log states {self.size} with {bytes(32).hex()}")

    def register(self, payload):
        """CheckpointKeyRegistered: optional fingerprint, number of the key, origin, public key (bincode)."""
        def number(at):
            wide = {251: 2, 252: 4, 253: 8}.get(payload[at], 0)
            return (int.from_bytes(payload[at + 1:at + 1 + wide], "little") if wide else payload[at]), at + 1 + wide
        _, at = number(1 + 16 * payload[0])
        length, at = number(at)
        self.registered.append(Key.of(payload[at:at + length].decode(), payload[at + length:at + length + 32]))

    def member(self, position, entry, fault):
        """An entry of the cooperative's log is a signed checkpoint of a member."""
        try:
            if entry is not None: self.noted.append((position, Note(entry)))
        except ValueError: fault, entry = f"entry {position} is no signed checkpoint", None
        if entry is None: self.violation(position, "READABLE", fault)
        else: self.records, self.bytes = self.records + 1, self.bytes + len(entry)
        return entry

    noted = ()


# ---- the ladder ---------------------------------------------------------------------------------------------------
class Audit:
    """One log with the evidence that the auditor has."""
    def __init__(self, log, options, noted):
        self.log, self.rungs, self.key_from = log, [], None
        self.origin = log.newest.origin if log.newest else None
        self.keys = [key for key in options.keys if key.name == self.origin]
        self.seen = [(name, note) for name, note in options.seen if self.mine(note.origin)]
        self.receipts = [(name, proof) for name, proof in options.receipts if self.mine(proof[2].origin)]
        self.noted = [(f"entry {position} of the cooperative's log", note) for position, note in noted if self.mine(note.origin)]
        self.witnesses, self.quorum = options.witnesses, options.quorum or len(options.witnesses)
        others = [note for _, note in self.seen + self.noted] + [proof[2] for _, proof in self.receipts]
        log.noted = [] if log.cooperative else ()
        log.read(log.kept + [note.size for note in others], [proof[0] for _, proof in self.receipts])
        self.check()

    def mine(self, origin):
        return origin == self.origin if self.origin else origin.rpartition("/")[2] == self.log.name

    def check(self):
        log = self.log
        chain = not log.rules.keys() & CHAIN_RULES
        if log.newest_error: log.violation(log.size, "CHECKPOINT", log.newest_error)
        if self.origin and not log.cooperative and not self.origin.endswith("/" + log.name):
            log.violation(log.size, "ORIGIN", f"the checkpoint is of {self.origin}")
        self.take_keys()
        witnessed = self.checkpoints()
        signed = not log.rules.keys() & {"TILE", "CHECKPOINT", "SIGNATURE", "ORIGIN"} and log.newest and self.keys
        for name, note in self.noted: self.compare(name, note)
        before = log.total
        for name, note in self.seen:
            self.signed(name, note)
            self.compare(name, note)
        for name, proof in self.receipts: self.receipt(name, *proof)
        outside = self.seen or self.receipts
        seen = max([note.size for _, note in self.seen] + [proof[2].size for _, proof in self.receipts], default=0)
        self.rung(0, "reached" if chain else "failed", log.size)
        state = "not given" if not (log.newest and self.keys) and not log.rules.keys() & {"TILE", "CHECKPOINT", "ORIGIN"} else "failed"
        self.rung(1, "reached" if signed else state, log.size)
        self.rung(2, "not given" if not outside else "reached" if log.total == before else "failed", seen)
        if not self.witnesses: state, until = "not given", 0
        else: state, until = self.witness_state(witnessed)
        self.rung(3, state, until)
        self.rung(4, "not checked" if log.timestamps else "not given", 0)

    def rung(self, number, state, size):
        self.rungs.append({"rung": number, "name": NAMES[number], "state": state, "size": size if state == "reached" else 0})

    def reached(self):
        best = None
        for rung in self.rungs:
            if rung["state"] == "failed": break
            if rung["rung"] == 1 and rung["state"] != "reached": return best
            if rung["state"] == "reached": best = rung["rung"]
        return best

    def take_keys(self):
        if self.keys: self.key_from = "outside"
        else:
            self.keys = [key for key in self.log.registered if key.name == self.origin]
            if self.keys: self.key_from = "log"
        if not self.keys:
            lines = (self.log.file("key") or b"").decode("utf-8", "replace").split("\n")
            try: self.keys = [key for key in map(Key, filter(None, lines)) if key.name == self.origin]
            except (ValueError, IndexError): pass
            if self.keys: self.key_from = "file"

    def signed(self, name, note):
        """Whether a known key has signed a checkpoint, rightly."""
        if not self.keys: return
        results = [note.check(key) for key in self.keys]
        if False in results: self.log.violation(note.size, "SIGNATURE", f"{name}: the signature is wrong")
        elif True not in results: self.log.violation(note.size, "SIGNATURE", f"{name}: no signature by a known key")

    def checkpoints(self):
        """Every checkpoint that was published: signature, root, cosignatures. Gives the sizes with a quorum."""
        log, witnessed = self.log, {}
        named = [("checkpoint", log.newest)] if log.newest else []
        for size in log.kept:
            name = f"checkpoints/{size}"
            try: note = Note(log.file(name) or b"")
            except ValueError:
                log.violation(size, "CHECKPOINT", f"{name}: it is no signed checkpoint")
                continue
            if note.size != size or note.origin != self.origin:
                log.violation(size, "CHECKPOINT", f"{name}: it is of {note.size} records of {note.origin}")
                continue
            named.append((name, note))
        for name, note in named:
            log.checkpoints += 1
            self.signed(name, note)
            root = log.roots.get(note.size)
            if note.size > log.size: log.violation(note.size, "TAIL", f"{name}: it was given out at {note.size} records, the log has {log.size}")
            elif root not in (None, note.root): log.violation(note.size, "CHECKPOINT", f"{name}: its root is not that of the records")
            good = 0
            for witness in self.witnesses:
                result = note.check(witness)
                if result is False: log.violation(note.size, "WITNESS", f"{name}: the cosignature of {witness.name} is wrong")
                good += result is True
            witnessed[note.size] = max(good, witnessed.get(note.size, 0))
        return witnessed

    def witness_state(self, witnessed):
        good = witnessed.get(self.log.size, 0)
        if good < self.quorum:
            until = max((size for size, count in witnessed.items() if count >= self.quorum), default=0)
            self.log.violation(self.log.size, "WITNESS", f"{good} of {self.quorum} demanded witnesses have cosigned the newest checkpoint; all of them have up to record {until}")
        return ("failed" if "WITNESS" in self.log.rules else "reached"), self.log.size

    def compare(self, name, note):
        """A checkpoint that was given out must be one of this log."""
        if note.size > self.log.size:
            self.log.violation(note.size, "TAIL", f"{name}: it was given out at {note.size} records, the log has {self.log.size}")
        elif self.log.roots.get(note.size) not in (None, note.root):
            self.log.violation(note.size, "FORK", f"{name}: at {note.size} records it has another root than the log")

    def receipt(self, name, index, proof, note):
        self.signed(name, note)
        self.compare(name, note)
        leaf = self.log.leaves.get(index)
        if leaf is not None and proved_root(leaf, index, note.size, proof) != note.root:
            self.log.violation(index, "RECEIPT", f"{name}: record {index} is not the one that it was given for")

    def rests_on_operator(self):
        states = {rung["name"]: rung["state"] for rung in self.rungs}
        rests = ["that every sale was recorded at all: compare with payments, scans and buyers' receipts"]
        if states["checkpoint"] != "reached": rests.append("that this is the log that others were given: no checkpoint of it is signed by a known key")
        elif self.key_from != "outside": rests.append("that the key is the operator's: it was taken from the log itself; get it another way and give it with --key")
        if states["seen"] != "reached": rests.append("that it is the history of earlier: give checkpoints or receipts kept since then with --seen or --receipt")
        if states["witnesses"] != "reached": rests.append("that nobody is shown another history: no quorum of witnesses is known to have seen this one")
        if states["timestamp"] != "reached": rests.append("when it was recorded: all times are the operator's own")
        return rests

    def report(self):
        log = self.log
        proof = [v for v in log.violations if v["rule"] not in RECORD_RULES or log.cooperative]
        root = log.roots.get(log.size)
        return {"log": log.name, "origin": self.origin, "records": log.records, "size": log.size,
                "root": base64.b64encode(root).decode() if root else None, "tiles": log.tiles, "checkpoints": log.checkpoints,
                "key_from": self.key_from, "rung": self.reached(), "rungs": self.rungs, "violations": proof,
                "rests_on_operator": self.rests_on_operator()}


# ---- the program --------------------------------------------------------------------------------------------------
def main():
    parser = argparse.ArgumentParser(description="Checks a published log of SoTicket Ledger.")
    parser.add_argument("folder")
    for name in ("key", "seen", "receipt", "witness"): parser.add_argument("--" + name, action="append", default=[])
    parser.add_argument("--quorum", type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    def usable(read, what):
        try: return read()
        except (OSError, ValueError, IndexError, binascii.Error) as error: parser.error(f"{what}: {error}")
    content = lambda path: open(path, "rb").read()
    options.keys = [usable(lambda: Key(text), text) for text in options.key]
    options.witnesses = [usable(lambda: Key(text), text) for text in options.witness]
    options.seen = [(os.path.basename(path), usable(lambda: Note(content(path)), path)) for path in options.seen]
    options.receipts = [(os.path.basename(path), usable(lambda: read_proof(content(path)), path)) for path in options.receipt]

    if any(key.kind != 1 for key in options.keys) or any(key.kind != 4 for key in options.witnesses):
        parser.error("--key takes keys of logs, --witness keys of witnesses")
    if options.quorum is not None and not 1 <= options.quorum <= len(options.witnesses):
        parser.error("--quorum: set 1 to the number of witnesses")

    is_log = lambda path: os.path.isdir(os.path.join(path, "tile")) or os.path.isfile(os.path.join(path, "checkpoint"))
    folders = [options.folder] if is_log(options.folder) else \
        [entry.path for entry in sorted(os.scandir(options.folder), key=lambda entry: entry.name)
         if entry.is_dir() and is_log(entry.path)] if os.path.isdir(options.folder) else []
    if not folders: parser.error(f"{options.folder} holds no published log")
    # The cooperative's log first: it says which checkpoints of its members it has seen.
    logs = sorted(map(Log, folders), key=lambda log: (not log.cooperative, log.name))
    noted, audits = [], []
    for log in logs:
        audits.append(Audit(log, options, noted))
        noted += log.noted

    chain = [{"organisation": a.log.name, **v} for a in audits for v in a.log.violations
             if v["rule"] in RECORD_RULES and not a.log.cooperative]
    total = sum(log.total for log in logs)
    # Evidence that is of none of the logs must not go unnoticed.
    given = [(key.text, key.name) for key in options.keys] + [(name, note.origin) for name, note in options.seen]
    given += [(name, proof[2].origin) for name, proof in options.receipts]
    unused = [f"{name}: it is of {origin}, which none of these logs is" for name, origin in given
              if not any(audit.mine(origin) for audit in audits)]
    members = [log for log in logs if not log.cooperative]
    report = {"sound": total == 0 and not unused, "log": {"records": sum(log.records for log in members), "bytes": sum(log.bytes for log in members), "violations": chain},
              "proofs": [audit.report() for audit in audits], "violations_total": total,
              "evidence_unused": unused, "not_checked": ["PAYLOAD", "SETTLEMENT", "TIMESTAMP"]}
    if options.json: print(json.dumps(report, indent=2))
    else: tell(report, audits)
    sys.exit(0 if report["sound"] else 1)


def tell(report, audits):
    for audit, proof in zip(audits, report["proofs"]):
        print(f"Log {proof['log']}: {proof['records']} records, root {proof['root']}")
        for violation in audit.log.violations:
            print(f"  VIOLATION: {violation['rule']}: record {violation['position']}: {violation['detail']}")
        for rung in proof["rungs"]: print(f"  {rung['rung']} {rung['name']}: {rung['state']}")
        print(f"  Rung reached: {proof['rung']}")
        for rest in proof["rests_on_operator"]: print(f"  Rests on the operator: {rest}")
    for unused in report["evidence_unused"]: print(f"VIOLATION: evidence that was not used: {unused}")
    print(f"Not checked: payloads, settlements, RFC 3161 tokens\nResult: {'sound' if report['sound'] else 'VIOLATED'}")


if __name__ == "__main__":
    main()
