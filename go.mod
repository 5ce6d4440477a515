module docket

go 1.26.0

require charm.land/bubbles/v2 v2.1.1

require charm.land/bubbletea/v2 v2.0.9

require charm.land/fang/v2 v2.0.1

require charm.land/huh/v2 v2.0.3

require charm.land/lipgloss/v2 v2.0.6

require charm.land/ssh v0.4.2

require charm.land/wish/v2 v2.0.3

require filippo.io/age v1.3.2

require github.com/adrg/xdg v0.5.3

require github.com/atotto/clipboard v0.1.4

require github.com/charmbracelet/x/ansi v0.11.8

require github.com/charmbracelet/x/exp/golden v0.1.0

require github.com/charmbracelet/x/vt v0.0.0-20260924144451-d676b019604b

require github.com/creack/pty v1.1.24

require github.com/jackc/pgx/v5 v5.12.0

require github.com/joho/godotenv v1.5.1

require github.com/mattn/go-sixel v0.0.14

require github.com/pelletier/go-toml/v2 v2.4.3

require github.com/pressly/goose/v3 v3.28.0

require github.com/prometheus/client_golang v1.25.0

require github.com/rogpeppe/go-internal v1.16.0

require github.com/sony/gobreaker/v2 v2.4.0

require github.com/spf13/cobra v1.9.1

require github.com/stretchr/testify v1.12.1

require github.com/zalando/go-keyring v0.2.8

require golang.org/x/image v0.47.0

require golang.org/x/mod v0.42.0

require golang.org/x/sync v0.24.0

require golang.org/x/time v0.16.0

require modernc.org/sqlite v1.60.1

require pgregory.net/rapid v1.3.0
