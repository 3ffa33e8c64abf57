export { diagnosticsChannel } from './diagnostics-channel.js'
export { openTelemetry, type OpenTelemetryApi } from './open-telemetry.js'
export { prometheus, type PrometheusRegistry } from './prometheus.js'
