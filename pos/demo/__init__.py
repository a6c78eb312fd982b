"""`lunas demo`: a seeded shop to try the main job in; virtual cables, and everything behind them real."""
