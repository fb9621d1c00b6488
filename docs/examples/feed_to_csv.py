#!/usr/bin/env python3
"""Keeps a CSV file of an organisation's ticket sales, for a spreadsheet.

    SOTICKET_TOKEN=... python3 feed_to_csv.py https://ledger.example ORGANISATION sales.csv

Follows the feed from where it stopped and adds a row per ticket sold, reduced or cancelled: the sum of the column `amount` is what the
tickets come to now. The cursor stands beside the file (sales.csv.cursor) and is written after the rows; rows beyond it are cut off
first, so that after a crash nothing is missed and nothing comes twice. Needs nothing but Python 3.9 or later.
"""

import csv
import json
import os
import sys
import urllib.request
from decimal import Decimal

KINDS = "order_placed,external_sale_reported,price_reduced,tickets_cancelled,external_sale_cancelled"
COLUMNS = ["time", "what", "order", "show", "ticket", "amount", "position"]


def units(cents):
    """Cents as units of the currency, never as a float."""
    return (Decimal(cents) / 100).quantize(Decimal("0.01"))


def fetch(server, organisation, after, token):
    """A page of the feed: its events, the next cursor, and whether there is more."""
    cursor = "" if after is None else f"&after={after}"
    url = f"{server}/feed/{organisation}?limit=1000&kinds={KINDS}{cursor}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        events = json.load(answer)
        return events, answer.headers["soticket-next-after"], answer.headers["soticket-more"] == "true"


def changes(event, prices):
    """What an event does to tickets: (what, order, show, ticket, price from here on)."""
    kind, data = event["type"].split(".")[2], event["data"]
    if kind in ("order_placed", "external_sale_reported"):
        for line in data["lines"]["tickets"]:
            yield "sold", data["lines"]["order"], line["show"], line["ticket"], line["price"]
    elif kind == "price_reduced":
        yield "reduced", data["order"], data["show"], data["ticket"], data["after"]
    else:
        for line in data["cancellation"]["tickets"]:
            yield "cancelled", data["cancellation"]["order"], line["show"], line["ticket"], 0


def resume(path):
    """The cursor, and what each ticket costs by the rows up to it. Rows that a crash left beyond it are cut off."""
    try:
        with open(path + ".cursor", encoding="ascii") as file:
            after = file.read()
    except FileNotFoundError:
        after = None
    rows, prices = [], {}
    if after is not None:
        with open(path, newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if int(row["position"]) <= int(after)]
        for row in rows:
            cents = int(Decimal(row["amount"]) * 100)
            prices[int(row["ticket"])] = prices.get(int(row["ticket"]), 0) + cents
    with open(path + ".new", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    os.replace(path + ".new", path)
    return after, prices


def main(server, organisation, path):
    after, prices = resume(path)
    more = True
    while more:
        events, after, more = fetch(server, organisation, after, os.environ["SOTICKET_TOKEN"])
        with open(path, "a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            for event in events:
                for what, order, show, ticket, price in changes(event, prices):
                    amount = units(price - prices.get(ticket, 0))
                    prices[ticket] = price
                    writer.writerow([event["time"], what, order, show, ticket, amount, event["position"]])
            file.flush()
            os.fsync(file.fileno())
        with open(path + ".cursor.new", "w", encoding="ascii") as file:
            file.write(after)
        os.replace(path + ".cursor.new", path + ".cursor")
    print(f"{path}: {units(sum(prices.values()))} up to position {after}")


if __name__ == "__main__":
    if len(sys.argv) != 4 or "SOTICKET_TOKEN" not in os.environ:
        sys.exit(__doc__)
    main(*sys.argv[1:])
