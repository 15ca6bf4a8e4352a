"""The gateway room: ports, corridors, freight, routes, and the tables behind them."""
