// What tests/support checks itself by.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
