{{/*
Rejects values that are valid one by one but contradict each other or the cluster, which the schema cannot check. Takes root, tiers
and missing (see statecraft.secrets).
*/}}
{{- define "statecraft.checks" -}}
{{- $values := .root.Values -}}
{{- if .missing -}}
{{- fail (printf "Helm renders without access to a cluster, so the chart cannot tell whether keys exist already, and new keys would end sessions: create Secrets and set %s; see docs/kubernetes.md, Keys and passwords" (join ", " .missing)) -}}
{{- end -}}
{{- if not (rest .tiers) -}}
{{- fail "no service is enabled: enable a strategy, stateless or reactive" -}}
{{- end -}}
{{- include "statecraft.redisChecks" .root -}}
{{- $proxies := dig "statecraft" "gateway" "client" "trusted-proxies" "" (first .tiers).settings.config -}}
{{- if and (or $values.gateway.ingress.enabled $values.gateway.httpRoute.enabled) (not $values.gateway.trustedProxies) (not $proxies) -}}
{{- fail "gateway.ingress or gateway.httpRoute is enabled: set gateway.trustedProxies to the networks of its controller's pods, such as [10.0.0.0/8]; otherwise the gateway ignores X-Forwarded headers, cookies lack Secure, and all clients share the proxy's address" -}}
{{- end -}}
{{- if and (eq $values.gateway.discovery "kubernetes") (not $values.serviceAccount.create) (not $values.gateway.serviceAccount.name) -}}
{{- fail "gateway.discovery is kubernetes and serviceAccount.create is false: set gateway.serviceAccount.name to a service account for the gateway" -}}
{{- end -}}
{{- range .tiers -}}
{{- include "statecraft.tierChecks" . -}}
{{- end -}}
{{- end -}}

{{/* Checks of one tier. */}}
{{- define "statecraft.tierChecks" -}}
{{- $values := .root.Values -}}
{{- if and (eq .kind "StatefulSet") (gt (len .name) 52) -}}
{{- fail (printf "the StatefulSet %s would have a name of %d characters; at most 52 are possible: shorten fullnameOverride" .name (len .name)) -}}
{{- end -}}
{{- if ge (int .settings.drain.unreadySeconds) (int .settings.drain.timeoutSeconds) -}}
{{- fail (printf "%s: drain.unreadySeconds must be less than drain.timeoutSeconds" .tier) -}}
{{- end -}}
{{- if .autoscaled -}}
{{- $scaling := .settings.autoscaling -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- fail (printf "%s.autoscaling: minReplicas %d is greater than maxReplicas %d" .tier (int $scaling.minReplicas) (int $scaling.maxReplicas)) -}}
{{- end -}}
{{- if not (or (int $scaling.targetCPUUtilizationPercentage) (int $scaling.targetRequestsInFlight)) -}}
{{- fail (printf "%s.autoscaling: set targetCPUUtilizationPercentage or targetRequestsInFlight" .tier) -}}
{{- end -}}
{{- if and (eq $values.autoscaler.kind "keda") (int $scaling.targetRequestsInFlight) (not $values.autoscaler.prometheus) -}}
{{- fail (printf "%s.autoscaling.targetRequestsInFlight needs autoscaler.prometheus with KEDA" .tier) -}}
{{- end -}}
{{- if and .strategy (eq $values.gateway.discovery "static") -}}
{{- fail (printf "%s.autoscaling: with gateway.discovery static the gateways would not find new pods" .tier) -}}
{{- end -}}
{{- end -}}
{{- if eq (default "" .strategy) "replicated" -}}
{{- $founders := int .settings.founders -}}
{{- if or (gt $founders (int .settings.replicas)) (le (mul 2 $founders) (int .settings.replicas)) -}}
{{- fail (printf "strategies.replicated.founders is %d of %d replicas; it must be more than half of them, or founders that lose their disks could bootstrap a second group, and at most all of them" $founders (int .settings.replicas)) -}}
{{- end -}}
{{- $budget := .settings.podDisruptionBudget -}}
{{- $minority := div (sub (int .settings.replicas) 1) 2 -}}
{{- if and $budget.enabled (or (kindIs "string" $budget.maxUnavailable) (gt (int $budget.maxUnavailable) (int $minority))) -}}
{{- fail (printf "strategies.replicated.podDisruptionBudget.maxUnavailable must be a number of at most %d: more would break the quorum of %d members" $minority (int .settings.replicas)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Checks of Redis. A change of its mode leaves the sessions in the old servers, which end; it must be wanted. */}}
{{- define "statecraft.redisChecks" -}}
{{- $redis := .Values.redis -}}
{{- if .Values.strategies.redis.enabled -}}
{{- if and (eq $redis.mode "external") (not $redis.external.host) -}}
{{- fail "redis.mode is external: set redis.external.host" -}}
{{- end -}}
{{- if and (eq $redis.mode "external") $redis.external.auth (not $redis.auth.existingSecret) -}}
{{- fail "redis.external.auth is true: set redis.auth.existingSecret to the Secret with the password" -}}
{{- end -}}
{{- $fullname := include "statecraft.fullname" . -}}
{{- $find := dict "root" . "apiVersion" "apps/v1" "kind" "StatefulSet" "namespace" (include "statecraft.namespace" .) -}}
{{- $standalone := include "statecraft.find" (merge (dict "name" (printf "%s-redis" $fullname)) $find) | fromJson -}}
{{- $sentinels := include "statecraft.find" (merge (dict "name" (printf "%s-redis-node" $fullname)) $find) | fromJson -}}
{{- if not $redis.discardSessions -}}
{{- if and $standalone (eq $redis.mode "sentinel") (not $redis.sentinel.migration) (not $sentinels) -}}
{{- fail "redis.mode changes from standalone to sentinel, which would drop all sessions of strategy redis: set redis.sentinel.migration=true for one upgrade, then false for the next; or set redis.discardSessions=true" -}}
{{- end -}}
{{- if or (and $standalone (eq $redis.mode "external")) (and $sentinels (ne $redis.mode "sentinel")) -}}
{{- fail (printf "redis.mode changes to %s, which would drop all sessions of strategy redis: set redis.discardSessions=true if that is wanted" $redis.mode) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
