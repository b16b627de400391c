package jobqueue

import "strings"

// Several processes have a PostgreSQL database open. Each runner marks itself
// with an advisory lock of its connection, which the server takes away when the
// connection ends, however the process ended. What is "running" for a runner
// without such a mark is abandoned. A machine that vanishes leaves its
// connection open until the server's keepalive finds out, and River's own
// RescueStuckJobsAfter is the last resort. Both may take up a job whose handler
// is still at work, which does no harm.
const absent = `NOT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 29289 AND objsubid = 2 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND objid = (hashtext(?)::bigint & 4294967295)::oid)`

func absentRunner(column string) string { return strings.Replace(absent, "?", column, 1) }

var (
	rescueAbsent = `UPDATE river_job SET state = 'available', scheduled_at = now() +
		CASE WHEN attempt > 3 THEN least(attempt::integer * attempt, 300) ELSE 0 END * interval '1 second'
		WHERE id IN (SELECT id FROM river_job WHERE state = 'running' AND ` + absentRunner(`attempted_by[array_upper(attempted_by, 1)]`) + ` FOR UPDATE SKIP LOCKED)`
	rescueAbsentLeader = `DELETE FROM river_leader WHERE ` + absentRunner(`leader_id`)
)
