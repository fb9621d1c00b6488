#!/usr/bin/env python3
"""Takes a period of the journal over for accounting software that imports CSV.

    SOTICKET_TOKEN=... python3 accounting_import.py https://ledger.example ORGANISATION 2026-03-01 2026-03-31 march.csv

Fetches the journal, checks every entry and the whole to the cent, and writes a file of the columns that most programs ask for: date,
book, piece, account, label, debit, credit. Semicolons, decimal commas and UTF-8 with a mark, as French programs read them. Nothing is
written if anything does not balance. An entry keeps its number for ever: import a period once, and compare numbers before a second time.
Needs nothing but Python 3.9 or later.
"""

import csv
import io
import os
import sys
import urllib.request
from collections import defaultdict
from decimal import Decimal

COLUMNS = ["Date", "Journal", "Piece", "Compte", "Libelle", "Debit", "Credit"]


def fetch(server, organisation, first, last):
    """The rows of the journal."""
    url = f"{server}/accounts/{organisation}/journal?from={first}&to={last}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['SOTICKET_TOKEN']}"})
    with urllib.request.urlopen(request) as answer:
        return list(csv.DictReader(io.StringIO(answer.read().decode("utf-8"))))


def check(rows):
    """Entries balance one by one, and their numbers have no gap."""
    balances = defaultdict(Decimal)
    for row in rows:
        balances[int(row["number"])] += Decimal(row["debit"]) - Decimal(row["credit"])
    wrong = sorted(number for number, balance in balances.items() if balance != 0)
    if wrong:
        sys.exit(f"entries that do not balance: {wrong}")
    numbers = sorted(balances)
    if numbers and numbers != list(range(numbers[0], numbers[-1] + 1)):
        sys.exit("numbers of entries are missing")
    return numbers


def amount(text):
    """As a French program reads it; empty for nothing."""
    value = Decimal(text)
    return str(value).replace(".", ",") if value else ""


def main(server, organisation, first, last, path):
    rows = fetch(server, organisation, first, last)
    numbers = check(rows)
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for row in rows:
            label = f"{row['label']} {row['reference']}".strip()
            writer.writerow(
                [row["day"], row["book"], row["number"], row["account"], label, amount(row["debit"]), amount(row["credit"])]
            )
    debit = sum(Decimal(row["debit"]) for row in rows)
    span = f", {numbers[0]} to {numbers[-1]}" if numbers else ""
    print(f"{path}: {len(numbers)} entries{span}, {debit} on either side")


if __name__ == "__main__":
    if len(sys.argv) != 6 or "SOTICKET_TOKEN" not in os.environ:
        sys.exit(__doc__)
    main(*sys.argv[1:])
