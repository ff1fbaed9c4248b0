package documentdb

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Process is a program that runs.
type Process struct {
	// Ended is closed when it does not run any more.
	Ended   chan struct{}
	command *exec.Cmd
}

func startProcess(command *exec.Cmd) (*Process, error) {
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	process := &Process{Ended: make(chan struct{}), command: command}
	go func() {
		_ = command.Wait()
		close(process.Ended)
	}()
	return process, nil
}

// Stop sends a signal and waits for the end.
func (p *Process) Stop(signal syscall.Signal) {
	_ = p.command.Process.Signal(signal)
	<-p.Ended
}

func run(command *exec.Cmd) error {
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(output)))
	}
	return nil
}
