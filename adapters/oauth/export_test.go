package oauth

// Waiting is how many grants wait at the desk.
func (s *Server) Waiting() int {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	return len(s.desk.waiting)
}
