{{/*
Sets .into.tiers to the tiers of the release, which all other templates iterate over. Takes root and into.
A tier has: tier (component label, last part of its name), name, service (its image), kind, settings (the defaults overlaid
with its own), config (its application.yaml), secrets (property prefix to the Secret whose entries set it), route (its name at the
gateway) and autoscaled.
*/}}
{{- define "statecraft.tiers" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $fullname := include "statecraft.fullname" $root -}}

{{- $stateful := list -}}
{{- range $strategy := list "affinity" "redis" "replicated" "cookie" "spring-redis" "jdbc" "hazelcast" "infinispan" -}}
{{- $own := index $values.strategies $strategy -}}
{{- if $own.enabled -}}
{{- $name := printf "%s-stateful-%s" $fullname $strategy -}}
{{- $settings := deepCopy $values.defaults -}}
{{- include "statecraft.overlay" (dict "onto" $settings "over" $values.stateful) -}}
{{- include "statecraft.overlay" (dict "onto" $settings "over" $own) -}}
{{- $tier := dict "root" $root "tier" (printf "stateful-%s" $strategy) "name" $name "service" "stateful-service" "kind" "StatefulSet" "strategy" $strategy "settings" $settings -}}
{{- if has $strategy (list "spring-redis" "jdbc" "hazelcast" "infinispan") -}}
{{- $_ := set $tier "image" (printf "stateful-service-%s" $strategy) -}}
{{- end -}}
{{- $_ := set $tier "usesRedis" (has $strategy (list "redis" "spring-redis")) -}}
{{- /* Named ports on which nodes of the tier talk to each other; Infinispan detects failures on a second one. */ -}}
{{- $_ := set $tier "clusterPorts" (get (dict "replicated" (dict "raft" 7800) "hazelcast" (dict "members" 5701) "infinispan" (dict "members" 7800 "failures" 57800)) $strategy | default dict) -}}
{{- $pods := list -}}
{{- range $number := until (int $settings.replicas) -}}
{{- $pods = append $pods (printf "%s-%d" $name $number) -}}
{{- end -}}
{{- $_ := set $tier "pods" $pods -}}
{{- $_ := set $tier "config" (include "statecraft.statefulConfig" $tier | fromYaml) -}}
{{- $_ := set $tier "secrets" (include "statecraft.statefulSecrets" $tier | fromYaml) -}}
{{- $stateful = append $stateful $tier -}}
{{- end -}}
{{- end -}}

{{- $stateless := list -}}
{{- range $id := list "stateless" "reactive" -}}
{{- $own := index $values $id -}}
{{- if $own.enabled -}}
{{- $settings := deepCopy $values.defaults -}}
{{- include "statecraft.overlay" (dict "onto" $settings "over" $own) -}}
{{- $tier := dict "root" $root "tier" $id "name" (printf "%s-%s" $fullname $id) "service" (printf "%s-service" $id) "kind" "Deployment" "settings" $settings "calls" true -}}
{{- $_ := set $tier "config" (include "statecraft.callsConfig" $root | fromYaml) -}}
{{- $secrets := $values.calls.relay.enabled | ternary (dict "statecraft/relay" (include "statecraft.relayKeysName" $root)) dict -}}
{{- if eq $id "reactive" -}}
{{- $_ := set $secrets "statecraft/session" (include "statecraft.sessionKeysName" $root) -}}
{{- end -}}
{{- $_ := set $tier "secrets" $secrets -}}
{{- $stateless = append $stateless $tier -}}
{{- end -}}
{{- end -}}

{{- $settings := deepCopy $values.defaults -}}
{{- include "statecraft.overlay" (dict "onto" $settings "over" $values.gateway) -}}
{{- $gateway := dict "root" $root "tier" "gateway" "name" (printf "%s-gateway" $fullname) "service" "gateway" "kind" "Deployment" "settings" $settings "stateful" $stateful "stateless" $stateless -}}
{{- $_ := set $gateway "config" (include "statecraft.gatewayConfig" $gateway | fromYaml) -}}
{{- $_ := set $gateway "secrets" (dict "statecraft/gateway" (include "statecraft.gatewayKeysName" $root)) -}}

{{- $tiers := concat (list $gateway) $stateless $stateful -}}
{{- range $tiers -}}
{{- $_ := set . "route" (default .tier .strategy) -}}
{{- $_ := set . "autoscaled" (dig "autoscaling" "enabled" false .settings) -}}
{{- end -}}
{{- $_ := set .into "tiers" $tiers -}}
{{- end -}}

{{/* Peers and targets that the stateless and the reactive service call: each other, and those in the values. */}}
{{- define "statecraft.callsConfig" -}}
{{- $calls := .Values.calls -}}
{{- $peers := dict -}}
{{- $targets := list -}}
{{- range $id := list "stateless" "reactive" -}}
{{- if (index $.Values $id).enabled -}}
{{- $url := printf "http://%s-%s:8080" (include "statecraft.fullname" $) $id -}}
{{- $_ := set $peers $id (printf "%s/relay" $url) -}}
{{- $targets = append $targets (printf "%s/work?wait=100" $url) -}}
{{- end -}}
{{- end -}}
statecraft:
  fanout:
    targets:
      {{- toYaml (default $targets $calls.fanout.targets) | nindent 6 }}
  {{- if $calls.relay.enabled }}
  relay:
    peers:
      {{- range $name, $url := $calls.relay.peers }}
      {{- $_ := set $peers $name $url }}
      {{- end }}
      {{- toYaml $peers | nindent 6 }}
  {{- end }}
{{- end -}}

{{- define "statecraft.gatewayConfig" -}}
{{- $gateway := . -}}
statecraft:
  gateway:
    {{- with .root.Values.gateway.trustedProxies }}
    client:
      trusted-proxies:
        {{- toYaml . | nindent 8 }}
    {{- end }}
    routes:
      {{- range .stateless }}
      {{ .tier }}:
        prefix: /{{ .tier }}
        {{- include "statecraft.routeNodes" (dict "gateway" $gateway "tier" . "service" (printf "%s-each" .name) "named" false) | nindent 8 }}
      {{- end }}
      {{- range .stateful }}
      {{ .strategy }}:
        prefix: /{{ .strategy }}
        affinity: {{ eq .strategy "affinity" | ternary "login-cookie" "none" }}
        {{- include "statecraft.routeNodes" (dict "gateway" $gateway "tier" . "service" .name "named" (has .strategy (list "affinity" "replicated"))) | nindent 8 }}
      {{- end }}
{{- end -}}

{{/*
Discovery settings of a route's nodes. Nodes whose name matters (affinity, replicated) are never discovered by address
alone. Takes gateway, tier, service (the headless one) and named.
*/}}
{{- define "statecraft.routeNodes" -}}
{{- $discovery := .gateway.settings.discovery -}}
{{- if eq $discovery "kubernetes" -}}
discovery: kubernetes
kubernetes:
  service: {{ .service }}
{{- else if and (eq $discovery "dns") (not .named) -}}
discovery: dns
dns:
  name: "{{ .service }}.${POD_NAMESPACE}.svc.{{ .gateway.root.Values.clusterDomain }}"
  port: 8080
{{- else if .tier.pods -}}
nodes:
  {{- $service := .service }}
  {{- range .tier.pods }}
  {{ . }}: http://{{ . }}.{{ $service }}:8080
  {{- end }}
{{- else -}}
nodes:
  {{ .tier.tier }}: http://{{ .tier.name }}:8080
{{- end -}}
{{- end -}}

{{- define "statecraft.statefulConfig" -}}
statecraft:
  session:
    strategy: {{ .strategy }}
    timeout: {{ .settings.timeout | quote }}
    {{- if eq .strategy "affinity" }}
    {{- $peers := list }}
    {{- $name := .name }}
    {{- range .pods }}
    {{- $peers = append $peers (printf "%s=http://%s.%s:8080" . . $name) }}
    {{- end }}
    affinity:
      maximum-sessions: {{ int64 .settings.maximumSessions }}
      peers: {{ join "," $peers | quote }}
      handover:
        deadline: 10s
    {{- else if eq .strategy "replicated" }}
    {{- $members := list }}
    {{- $name := .name }}
    {{- range until (int .settings.founders) }}
    {{- $members = append $members (printf "%s-%d=%s-%d.%s:7800" $name . $name . $name) }}
    {{- end }}
    replicated:
      # The same for every pod, so that scaling restarts none. Pods beyond the founders join by their own address and leave.
      members: {{ join "," $members | quote }}
      address: "${statecraft.node}.{{ $name }}:7800"
      leaves: true
      directory: /var/lib/statecraft
      reads: {{ .settings.reads }}
      deadline: {{ .settings.deadline | quote }}
    {{- else if eq .strategy "cookie" }}
    cookie:
      absolute-timeout: {{ .settings.absoluteTimeout | quote }}
    {{- else if eq .strategy "jdbc" }}
    jdbc:
      initialize-schema: {{ .settings.initializeSchema }}
    {{- else if has .strategy (list "hazelcast" "infinispan") }}
    {{- $members := list }}
    {{- $name := .name }}
    {{- $port := int .clusterPorts.members }}
    {{- range .pods }}
    {{- $members = append $members (printf "%s=%s.%s:%d" . . $name $port) }}
    {{- end }}
    {{ .strategy }}:
      members: {{ join "," $members | quote }}
      address: "${statecraft.node}.{{ $name }}:{{ $port }}"
      deadline: {{ .settings.deadline | quote }}
      {{- if eq .strategy "hazelcast" }}
      backups: {{ int .settings.backups }}
      {{- end }}
    {{- end }}
{{- if eq .strategy "jdbc" }}
spring:
  datasource:
    url: {{ printf "jdbc:postgresql://%s:%d/%s" .settings.host (int .settings.port) .settings.database | quote }}
    username: {{ .settings.username | quote }}
    hikari:
      # In milliseconds. The default of 30 s would outlast the gateway's attempt.
      connection-timeout: 1000
{{- else if .usesRedis }}
{{- $redis := .root.Values.redis }}
spring:
  data:
    redis:
      {{- if eq .strategy "spring-redis" }}
      # The default of 60 s would outlast the gateway's attempt.
      timeout: 1s
      {{- end }}
      {{- if eq $redis.mode "external" }}
      host: {{ $redis.external.host | quote }}
      port: {{ int $redis.external.port }}
      database: {{ int $redis.external.database }}
      {{- with $redis.external.username }}
      username: {{ . | quote }}
      {{- end }}
      {{- if $redis.external.ssl }}
      ssl:
        enabled: true
      {{- end }}
      {{- else if eq $redis.mode "sentinel" }}
      sentinel:
        master: statecraft
        nodes:
          {{- range splitList " " (include "statecraft.redisNodes" .root) }}
          - {{ . }}:26379
          {{- end }}
      {{- else }}
      host: "{{ include "statecraft.fullname" .root }}-redis"
      port: 6379
      {{- end }}
{{- end }}
{{- end -}}

{{- define "statecraft.statefulSecrets" -}}
statecraft/session: {{ include "statecraft.sessionKeysName" .root }}
{{- if eq .strategy "jdbc" }}
spring/datasource: {{ .settings.existingSecret }}
{{- else if .usesRedis }}
{{- $redis := .root.Values.redis }}
{{- if or (ne $redis.mode "external") $redis.external.auth }}
spring/data/redis: {{ include "statecraft.redisSecretName" .root }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
application.yaml of a tier. Health checks and metrics have a port of their own. Gateways answer /livez and /readyz on the HTTP port
too, for load balancers before them; services tell gateways there whether they are ready.
*/}}
{{- define "statecraft.applicationYaml" -}}
{{- $timeout := printf "%ds" (int .settings.drain.timeoutSeconds) -}}
{{- $spring := dict "config" (dict "import" "optional:configtree:/etc/statecraft/secrets/") "lifecycle" (dict "timeout-per-shutdown-phase" $timeout) -}}
{{- $management := dict "server" (dict "port" (int .root.Values.management.port)) -}}
{{- if eq .tier "gateway" -}}
{{- $_ := set $management "endpoint" (dict "health" (dict "probes" (dict "add-additional-paths" true))) -}}
{{- end -}}
{{- $always := dict "spring" $spring "statecraft" (dict "drain" (printf "%ds" (int .settings.drain.unreadySeconds))) "management" $management -}}
{{- with .root.Values.tracing.endpoint -}}
{{- $_ := set $management "opentelemetry" (dict "tracing" (dict "export" (dict "otlp" (dict "endpoint" .)))) -}}
{{- $_ := set $management "tracing" (dict "sampling" (dict "probability" $.root.Values.tracing.sampling)) -}}
{{- end -}}
{{- with .root.Values.logging.format -}}
{{- $_ := set $always "logging" (dict "structured" (dict "format" (dict "console" .))) -}}
{{- end -}}
{{- include "statecraft.overlay" (dict "onto" $always "over" .config) -}}
{{- include "statecraft.overlay" (dict "onto" $always "over" .settings.config) -}}
{{- toYaml $always -}}
{{- end -}}
