{{/*
Sets .into.secrets to the Secrets that the chart keeps, by name: their component label as "tier", their data, and whether they
exist already ("exists"). Sets .into.missing to the settings that must name an existing Secret, because Helm renders without a
cluster and would generate other keys each time. Takes root and into.
*/}}
{{- define "statecraft.secrets" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $fullname := include "statecraft.fullname" $root -}}
{{- $namespace := include "statecraft.namespace" $root -}}
{{- $wanted := dict -}}
{{- if not $values.gateway.keys.existingSecret -}}
{{- $_ := set $wanted "gateway-keyring" (dict "tier" "gateway" "before" "gateway-keys" "setting" "gateway.keys.existingSecret") -}}
{{- end -}}
{{- $anyStrategy := false -}}
{{- range $values.strategies }}{{ $anyStrategy = or $anyStrategy .enabled }}{{ end -}}
{{- if and $anyStrategy (not $values.stateful.keys.existingSecret) -}}
{{- $_ := set $wanted "session-keyring" (dict "tier" "stateful" "before" "session-keys" "setting" "stateful.keys.existingSecret") -}}
{{- end -}}
{{- if and (or $values.stateless.enabled $values.reactive.enabled) $values.calls.relay.enabled (not $values.calls.relay.keys.existingSecret) -}}
{{- $_ := set $wanted "relay-keyring" (dict "tier" "relay" "before" "relay-keys" "setting" "calls.relay.keys.existingSecret") -}}
{{- end -}}
{{- if and (include "statecraft.runsRedis" $root) (not $values.redis.auth.existingSecret) -}}
{{- $_ := set $wanted "redis-auth" (dict "tier" "redis" "before" "redis" "setting" "redis.auth.existingSecret") -}}
{{- end -}}
{{- $secrets := dict -}}
{{- $missing := list -}}
{{- range $part, $secret := $wanted -}}
{{- $name := printf "%s-%s" $fullname $part -}}
{{- $live := include "statecraft.find" (dict "root" $root "apiVersion" "v1" "kind" "Secret" "namespace" $namespace "name" $name) | fromJson -}}
{{- $data := $live.data | default dict -}}
{{- if not $live -}}
{{- /* Chart 0.1.0 kept the same data in another Secret, which Helm removes with this upgrade. */ -}}
{{- $before := include "statecraft.find" (dict "root" $root "apiVersion" "v1" "kind" "Secret" "namespace" $namespace "name" (printf "%s-%s" $fullname $secret.before)) | fromJson -}}
{{- if eq (dig "metadata" "annotations" "meta.helm.sh/release-name" "" $before) $root.Release.Name -}}
{{- $data = $before.data | default dict -}}
{{- end -}}
{{- end -}}
{{- if not (or $live $data) -}}
{{- if not (include "statecraft.hasCluster" $root) -}}
{{- $missing = append $missing $secret.setting -}}
{{- else if eq $part "redis-auth" -}}
{{- $data = dict "password" (randAlphaNum 32 | b64enc) -}}
{{- else -}}
{{- $data = dict "active-key" ("k1" | b64enc) "keys.k1" (randBytes 32 | b64enc) -}}
{{- end -}}
{{- end -}}
{{- $_ := set $secrets $name (dict "tier" $secret.tier "data" $data "exists" (not (empty $live))) -}}
{{- end -}}
{{- $_ := set .into "secrets" $secrets -}}
{{- $_ := set .into "missing" $missing -}}
{{- end -}}

{{/* Name of the Secret with a tier's key ring. Takes a tier. */}}
{{- define "statecraft.keysName" -}}
{{- $ring := eq .tier "gateway" | ternary "gateway" "session" -}}
{{- default (printf "%s-%s-keyring" (include "statecraft.fullname" .root) $ring) .settings.keys.existingSecret -}}
{{- end -}}

{{/* Name of the Secret with the key ring of relay envelopes. */}}
{{- define "statecraft.relayKeysName" -}}
{{- default (printf "%s-relay-keyring" (include "statecraft.fullname" .)) .Values.calls.relay.keys.existingSecret -}}
{{- end -}}

{{- define "statecraft.redisSecretName" -}}
{{- default (printf "%s-redis-auth" (include "statecraft.fullname" .)) .Values.redis.auth.existingSecret -}}
{{- end -}}

{{- define "statecraft.redisSecretKey" -}}
{{- if .Values.redis.auth.existingSecret }}{{ .Values.redis.auth.existingSecretKey }}{{ else }}password{{ end -}}
{{- end -}}
