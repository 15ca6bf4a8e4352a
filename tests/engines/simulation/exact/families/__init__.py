"""The cases, one family a module: models with the values the exact computations give for them."""

BENCH_FORMAT = (
    "as the key format of the bench's file; sojourn_mean is over units served to the end of their route, not the lost; "
    "rel_tol is four standard errors or more of the estimate at the run's length"
)
NATIVE_FORMAT = (
    "model is a port model in its native form; run and expect are those of the bench's format, times in minutes; "
    "rel_tol is four standard errors or more of the estimate at the run's length"
)
