/*
 * no_maths - stands in for the library of mathematical functions.
 *
 * SQLite offers them in its SQL, and nothing else here needs them; nor does any
 * statement of ours.  Without them a hook has one library less to load, each
 * time.  Whoever calls one is told that the result is no number, which SQLite
 * takes for NULL.
 */
#define NAN (0.0 / 0.0)

#define OF_ONE(name)                                                           \
	double name(double x);                                                 \
	double name(double x)                                                  \
	{                                                                      \
		(void)x;                                                       \
		return NAN;                                                    \
	}
#define OF_TWO(name)                                                           \
	double name(double x, double y);                                       \
	double name(double x, double y)                                        \
	{                                                                      \
		(void)x;                                                       \
		(void)y;                                                       \
		return NAN;                                                    \
	}

OF_ONE(acos)
OF_ONE(acosh)
OF_ONE(asin)
OF_ONE(asinh)
OF_ONE(atan)
OF_TWO(atan2)
OF_ONE(atanh)
OF_ONE(cos)
OF_ONE(cosh)
OF_ONE(exp)
OF_TWO(fmod)
OF_ONE(log)
OF_ONE(log10)
OF_ONE(log2)
OF_TWO(pow)
OF_ONE(sin)
OF_ONE(sinh)
OF_ONE(sqrt)
OF_ONE(tan)
OF_ONE(tanh)
OF_ONE(trunc)
