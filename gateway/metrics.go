package gateway

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"docket/intake"
	"docket/model"
	"docket/store"
)

// Metrics count what a gateway does, in a registry of their own.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	webhooks *prometheus.CounterVec
	refused  *prometheus.CounterVec
	done     *prometheus.CounterVec
	waited   *prometheus.HistogramVec
	renewals *prometheus.CounterVec
}

// Measure describes a metric.
type Measure struct {
	Name   string
	Labels []string
	Says   string
}

// The metrics that are counted as things happen.
var (
	requestsTotal  = Measure{"docket_gateway_requests_total", []string{"route", "code"}, "Requests by route and status code."}
	requestSeconds = Measure{"docket_gateway_request_seconds", []string{"route"}, "How long requests took, in seconds."}
	webhooksTotal  = Measure{"docket_gateway_webhooks_accepted_total", []string{"kind"}, "Webhooks that were kept, by kind."}
	refusedTotal   = Measure{"docket_gateway_refused_total", []string{"route", "reason"}, "Requests that were refused or failed, by route and reason."}
	intakeTotal    = Measure{"docket_intake_total", []string{"event", "result"}, "What was done with what came: placed, look-up, notify, enroll, by result."}
	intakeSeconds  = Measure{"docket_intake_seconds", []string{"event"}, "How long that took, in seconds; from its arrival for what was placed."}
	renewalsTotal  = Measure{"docket_gateway_token_renewals_total", []string{"result"}, "Log-ins that renew the admin token, by result."}
)

// The metrics that are measured when somebody asks.
var (
	queueDeliveries = Measure{"docket_queue_deliveries", nil, "Webhooks that were kept and are not in the inbox yet."}
	queueOldest     = Measure{"docket_queue_oldest_seconds", nil, "Age of the oldest of them, in seconds; 0: there is none."}
	queueJobs       = Measure{"docket_queue_jobs", []string{"kind", "state"}, "Jobs by kind: due, or later."}
	queueAside      = Measure{"docket_queue_aside", nil, "Jobs that failed too often and wait for a person."}
	lastWebhook     = Measure{"docket_last_webhook_timestamp_seconds", nil, "When the last webhook was kept, in Unix seconds; absent: none was."}
	storeUp         = Measure{"docket_store_up", nil, "Whether the inbox answers: 1 or 0."}
	tokenPresent    = Measure{"docket_admin_token_present", nil, "Whether there is an admin token that has not ended by its own word: 1 or 0."}
	tokenLeft       = Measure{"docket_admin_token_left_seconds", nil, "What is left of the admin token's life by its own word, in seconds; absent: it does not say."}
	apiLeft         = Measure{"docket_api_requests_left", []string{"window"}, "Requests that the API's limits leave to this gateway now, in the second and in five minutes."}
	apiBreaker      = Measure{"docket_api_breaker_open", nil, "Whether calls are held back because the API could not be reached: 1 or 0."}
)

// Measures returns all metrics of the gateway, for documentation. The Go runtime's and
// the process's own come beside them.
func Measures() []Measure {
	return []Measure{
		requestsTotal, requestSeconds, webhooksTotal, refusedTotal, intakeTotal, intakeSeconds, renewalsTotal,
		queueDeliveries, queueOldest, queueJobs, queueAside, lastWebhook, storeUp, tokenPresent, tokenLeft, apiLeft, apiBreaker,
	}
}

func (m Measure) counter() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: m.Name, Help: m.Says}, m.Labels)
}

func (m Measure) histogram() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: m.Name, Help: m.Says, Buckets: durations}, m.Labels)
}

func (m Measure) desc() *prometheus.Desc { return prometheus.NewDesc(m.Name, m.Says, m.Labels, nil) }

// durations are the bounds of requests' times, in seconds: a commit is a few
// milliseconds, a call to the API ends after 30 s.
var durations = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// NewMetrics returns metrics at zero.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(), requests: requestsTotal.counter(), seconds: requestSeconds.histogram(),
		webhooks: webhooksTotal.counter(), refused: refusedTotal.counter(), renewals: renewalsTotal.counter(),
		done: intakeTotal.counter(), waited: intakeSeconds.histogram(),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.webhooks, m.refused, m.done, m.waited, m.renewals,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observe counts what became of something that came, and how many seconds that took. It
// is for intake.Config.Observe.
func (m *Metrics) Observe(event, result string, seconds float64) {
	m.done.WithLabelValues(event, result).Inc()
	m.waited.WithLabelValues(event).Observe(seconds)
}

// Renewed counts a log-in that renews the admin token.
func (m *Metrics) Renewed(err error) {
	result := "ok"
	if err != nil {
		result = string(model.AsProblem(err).Kind)
	}
	m.renewals.WithLabelValues(result).Inc()
}

func (m *Metrics) accepted(kind intake.Kind) { m.webhooks.WithLabelValues(string(kind)).Inc() }

func (m *Metrics) answered(path string, a answer, took time.Duration) {
	m.requests.WithLabelValues(path, strconv.Itoa(a.code)).Inc()
	m.seconds.WithLabelValues(path).Observe(took.Seconds())
	if a.reason != "" {
		m.refused.WithLabelValues(path, a.reason).Inc()
	}
}

// watch measures a gateway whenever somebody asks.
func (m *Metrics) watch(g *Gateway) { m.registry.MustRegister(gauges{g}) }

// scrape answers with all metrics.
func (g *Gateway) scrape(*call) answer {
	page := promhttp.HandlerFor(g.metrics.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
	return answer{code: http.StatusOK, page: page, level: levelQuiet}
}

// gauges are what is measured when somebody asks.
type gauges struct{ g *Gateway }

// Describe implements prometheus.Collector: nothing, because what is there depends on
// what is known.
func (gauges) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (c gauges) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	put := func(m Measure, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(m.desc(), prometheus.GaugeValue, value, labels...)
	}
	s := c.g.state(ctx)
	put(storeUp, yes(s.storeErr == nil && !s.unkept))
	if s.storeErr == nil {
		putDepth(put, s.depth, s.at)
	}
	put(tokenPresent, yes(s.tokenGood()))
	if !s.token.Expires.IsZero() && s.token.Present {
		put(tokenLeft, s.token.Expires.Sub(s.at).Seconds())
	}
	put(apiLeft, float64(s.budget.Second.Left), "second")
	put(apiLeft, float64(s.budget.FiveMinutes.Left), "five-minutes")
	put(apiBreaker, yes(s.breaker))
}

func putDepth(put func(Measure, float64, ...string), d store.Depth, now time.Time) {
	put(queueDeliveries, float64(d.Deliveries))
	oldest := 0.0
	if !d.Oldest.IsZero() {
		oldest = now.Sub(d.Oldest).Seconds()
	}
	put(queueOldest, oldest)
	for kind, n := range d.Due {
		put(queueJobs, float64(n), string(kind), "due")
	}
	for kind, n := range d.Later {
		put(queueJobs, float64(n), string(kind), "later")
	}
	put(queueAside, float64(d.Aside))
	if !d.Last.IsZero() {
		put(lastWebhook, float64(d.Last.Unix()))
	}
}

func yes(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
