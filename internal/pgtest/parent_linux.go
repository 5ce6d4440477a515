package pgtest

import "syscall"

// endWithParent has the kernel end the process when the test binary is killed.
func endWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGQUIT }
