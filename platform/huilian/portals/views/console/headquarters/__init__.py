"""The parts of the console that headquarters alone has: the federation's books, desk, orders and border."""
