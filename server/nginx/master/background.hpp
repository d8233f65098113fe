#pragma once

namespace firstfin::nginx {

/// This process becomes its own child, in the background (ngx_daemon). Whoever started it waits until the child lets
/// go, so that there is a pid file and a listening socket when the command returns; when the child ends before that,
/// the command fails with 1.
class background {
public:
    /// Returns in the child. Throws environment_lacks when there can be no more processes.
    background();
    ~background();
    background(const background&) = delete;
    background& operator=(const background&) = delete;

    /// All is well: the command returns 0.
    void let_go();

private:
    int parent_ = -1;
};

}  // namespace firstfin::nginx
