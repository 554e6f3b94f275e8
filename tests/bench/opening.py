"""Opening a society: template replay against migrations. `python -m tests.bench.opening`"""

from time import perf_counter

from tests.bench.arena import arena, open_many, stock
from tests.bench.figures import Aim, compare, sizes

if __name__ == "__main__":
    wishes = sizes(__doc__, societies=20, stock=5)
    with arena() as server:
        open_many(1)  # the first reads the template
        ours = []
        for number in range(102, 102 + wishes.societies):
            start = perf_counter()
            open_many(1, first=number)
            ours.append(perf_counter() - start)
        theirs = stock("opening", server, count=wishes.stock)["times"]
        compare("opening a society", {"huilian": ours, "stock": theirs}, aims={"stock": Aim(">=", 15)})
