#include "server/nginx/answers/open_file.hpp"

#include <unistd.h>

namespace firstfin::nginx {

open_file::~open_file() {
    ::close(fd_);
}

}  // namespace firstfin::nginx
