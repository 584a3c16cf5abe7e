#!/usr/bin/env python3
"""A city for the benchmark of disclosure control: N quarters, 8 to a Stadtteil, 3 of those to a Bezirk.

usage: make_sdc_city.py N OUT.csv HIER.csv [--seed S] [--mean M]

Counts by age (5) x mig (2) x sgb (2) are Poisson around the size of the quarter (gamma), the shares of the
age bands, and the quarter's own shares of mig and sgb (beta).  --mean scales all of them: smaller is sparser.
Same arguments, same bytes.
"""
import argparse
import random

AGES = (("0-2", 0.16), ("3-5", 0.17), ("6-9", 0.23), ("10-14", 0.27), ("15-17", 0.17))


def poisson(rng, mean):
    """By counting unit arrivals; fine for the small means here."""
    n, left = 0, mean
    while True:
        left -= rng.expovariate(1.0)
        if left < 0:
            return n
        n += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("n", type=int)
    parser.add_argument("out")
    parser.add_argument("hier")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mean", type=float, default=240.0, help="children in a quarter")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with open(args.out, "w", encoding="ascii") as out:
        out.write("q,age,mig,sgb,n\n")
        for q in range(args.n):
            size = rng.gammavariate(4.0, args.mean / 4.0)
            mig, sgb = rng.betavariate(2.0, 3.0), rng.betavariate(2.0, 7.0)
            for age, share in AGES:
                for m, pm in (("n", 1 - mig), ("y", mig)):
                    for s, ps in (("n", 1 - sgb), ("y", sgb)):
                        out.write(f"Q{q:05d},{age},{m},{s},{poisson(rng, size * share * pm * ps)}\n")
    with open(args.hier, "w", encoding="ascii") as hier:
        hier.write("code,parent\n")
        quarters, parts = args.n, (args.n + 7) // 8
        for q in range(quarters):
            hier.write(f"Q{q:05d},T{q // 8:04d}\n")
        for t in range(parts):
            hier.write(f"T{t:04d},B{t // 3:03d}\n")
        for b in range((parts + 2) // 3):
            hier.write(f"B{b:03d},Total\n")


if __name__ == "__main__":
    main()
