// The separate-compilation halves of Asio and Beast, in one place: every other file sees declarations only.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
