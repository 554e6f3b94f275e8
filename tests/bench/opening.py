"""Opening a society: template replay against migrations. `python -m tests.bench.opening`"""

from time import perf_counter

from tests.bench.arena import arena, open_many, show, stock

if __name__ == "__main__":
    with arena() as server:
        open_many(1)  # the first reads the template
        ours = []
        for number in range(102, 122):
            start = perf_counter()
            open_many(1, first=number)
            ours.append(perf_counter() - start)
        show("opening a society", ours, stock("opening", server, count=5)["times"])
