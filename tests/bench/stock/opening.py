"""Open some tenants by migrations."""

from time import perf_counter

from tests.bench.stock.arena import answer, enter, open_stock

wishes = enter()
times = []
for number in range(wishes["count"]):
    start = perf_counter()
    open_stock(number)
    times.append(perf_counter() - start)
answer(times=times)
