"""What an operator sees of a running installation: metrics, log lines, faults. No society and no person is in it."""
