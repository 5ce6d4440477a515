package acts

import (
	"errors"
	"time"

	"docket/model"
	"docket/store"
)

// QueueTx is a transaction that changes the queue of gateways too.
type QueueTx interface {
	Tx
	// Deliveries returns the oldest that nobody else has taken, at most n.
	// EndDelivery takes one of them out; KeepDelivery adds one.
	Deliveries(n int) ([]store.Delivery, error)
	EndDelivery(seq int64) error
	KeepDelivery(d store.Delivery) error
	// Arrived keeps when the last webhook came that was placed, if that is later.
	Arrived(at time.Time) error
	// KeepResults keeps what webhooks told, each once.
	KeepResults(results []store.Result) error
	// HoldJobs says which jobs are about to be found; see Hold.
	HoldJobs(jobs []store.Job) error
	// Job returns one, and false if there is none.
	Job(kind store.JobKind, key string) (store.Job, bool, error)
	// JobsAside returns those that wait for a person: those with a key, or all
	// without one.
	JobsAside(keys []string) ([]store.Job, error)
	// WriteJob adds a job or writes over the one that is there; EndJob takes one out.
	WriteJob(j store.Job) error
	EndJob(kind store.JobKind, key string) error
}

// Place takes the oldest deliveries, does with them what fn says, and returns how
// many there were.
func Place(tx QueueTx, n int, fn func([]store.Delivery) store.Placed) (int, error) {
	all, err := tx.Deliveries(n)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	placed := fn(all)
	if err := Upsert(tx, placed.Rows); err != nil {
		return 0, err
	}
	if err := AddJobs(tx, placed.Jobs); err != nil {
		return 0, err
	}
	if err := tx.KeepResults(placed.Results); err != nil {
		return 0, err
	}
	for _, d := range all {
		if err := tx.EndDelivery(d.Seq); err != nil {
			return 0, err
		}
	}
	return len(all), tx.Arrived(all[len(all)-1].At)
}

// AddJobs adds jobs, or makes them due again.
func AddJobs(tx QueueTx, jobs []store.Job) error {
	if err := tx.HoldJobs(jobs); err != nil {
		return err
	}
	for _, j := range jobs {
		old, there, err := tx.Job(j.Kind, j.Key)
		if err != nil {
			return err
		}
		if there {
			j = old.Again(j)
		}
		if err := tx.WriteJob(j); err != nil {
			return err
		}
	}
	return nil
}

// Settle ends a job and keeps what it brought.
func Settle(tx QueueTx, j store.Job, row model.Row, effects func(old, now model.Row) store.Effects) error {
	if err := settleRow(tx, row, effects); err != nil {
		return err
	}
	same, err := stillAsked(tx, j)
	if err != nil || !same {
		return err
	}
	return tx.EndJob(j.Kind, j.Key)
}

// stillAsked reports whether a job is the one that was taken. One that was asked for
// again meanwhile is made due.
func stillAsked(tx QueueTx, j store.Job) (bool, error) {
	is, there, err := tx.Job(j.Kind, j.Key)
	if err != nil || !there || is.Version == j.Version {
		return there, err
	}
	is.Due = tx.Now()
	return false, tx.WriteJob(is)
}

func settleRow(tx QueueTx, row model.Row, effects func(old, now model.Row) store.Effects) error {
	if row.ID == "" {
		return nil
	}
	before, err := tx.Find(row.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := upsert(tx, row); err != nil || effects == nil {
		return err
	}
	after, err := tx.Find(row.ID)
	if err != nil {
		return err
	}
	does := effects(before, after)
	if err := tx.Log(does.Log); err != nil {
		return err
	}
	if err := AddJobs(tx, does.Jobs); err != nil {
		return err
	}
	return tx.Replace(store.Affected(after, does))
}

// PutOff keeps what a try came to.
func PutOff(tx QueueTx, j store.Job, row model.Row) error {
	if row.ID != "" {
		if err := upsert(tx, row); err != nil {
			return err
		}
	}
	same, err := stillAsked(tx, j)
	if err != nil || !same {
		return err
	}
	return tx.WriteJob(j)
}

// Retry makes jobs that were set aside due again, and returns how many there were.
func Retry(tx QueueTx, now time.Time, keys []string) (int, error) {
	all, err := tx.JobsAside(keys)
	if err != nil {
		return 0, err
	}
	for _, j := range all {
		if err := retry(tx, j, now); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

func retry(tx QueueTx, j store.Job, now time.Time) error {
	if j.Kind != store.JobWebhook {
		return tx.WriteJob(j.Again(store.Job{Body: j.Body, Due: now}))
	}
	if err := tx.KeepDelivery(store.Delivery{At: j.Due, Body: j.Body}); err != nil {
		return err
	}
	return tx.EndJob(j.Kind, j.Key)
}

// Drop ends jobs that were set aside, and returns how many there were.
func Drop(tx QueueTx, keys []string) (int, error) {
	all, err := tx.JobsAside(keys)
	if err != nil {
		return 0, err
	}
	for _, j := range all {
		if err := tx.EndJob(j.Kind, j.Key); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}
