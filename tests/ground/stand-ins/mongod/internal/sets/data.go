package sets

import (
	"bufio"
	"net"
	"time"

	"gw.test/mongod/internal/command"
	"gw.test/mongod/internal/frame"
	"gw.test/mongod/internal/link"
)

// data passes one client's commands on to FerretDB, one after the other.
func (s *set) data(connection *link.Connection, open link.Open) error {
	socket, err := s.store.address(open.Auth)
	if err != nil {
		return err
	}
	ferret, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	defer ferret.Close()
	s.admit(connection, open.Instance)
	defer s.dismiss(connection, open.Instance)
	if err := connection.Send(link.Answer{}); err != nil {
		return err
	}
	answers := bufio.NewReader(ferret)
	for {
		request, err := frame.Read(connection.Reader)
		if err != nil {
			return nil
		}
		if command.Writes(request) && !s.mayWrite(open.Instance) {
			if command.NotPrimary.Answer(request).Write(connection) != nil {
				return nil
			}
			continue
		}
		answer, err := s.writes.once(request, func(request *frame.Message) (*frame.Message, error) {
			if err := request.Write(ferret); err != nil {
				return nil, err
			}
			return frame.Read(answers)
		})
		if err != nil || answer.Write(connection) != nil {
			return nil
		}
	}
}

// mayWrite asks again, at the lock itself, whether a member is primary: it may have been paused since it looked.
func (s *set) mayWrite(instance string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.election == nil || s.election.IsPrimary(instance, time.Now())
}

func (s *set) admit(client net.Conn, instance string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.clients[instance] == nil {
		s.clients[instance] = map[net.Conn]bool{}
	}
	s.clients[instance][client] = true
}

func (s *set) dismiss(client net.Conn, instance string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.clients[instance], client)
	if len(s.clients[instance]) == 0 {
		delete(s.clients, instance)
	}
}
