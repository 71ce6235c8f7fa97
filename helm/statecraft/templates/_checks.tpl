{{/* Refuses what the schema cannot see: values that are sound alone and nonsense together. Takes root and tiers. */}}
{{- define "statecraft.checks" -}}
{{- $redis := .root.Values.redis -}}
{{- if and .root.Values.strategies.redis.enabled (eq $redis.mode "external") -}}
{{- if not $redis.external.host -}}
{{- fail "redis.mode is external: redis.external.host must say where it is" -}}
{{- end -}}
{{- if and $redis.external.auth (not $redis.auth.existingSecret) -}}
{{- fail "redis.external.auth is true: redis.auth.existingSecret must name the Secret with the password" -}}
{{- end -}}
{{- end -}}
{{- range .tiers -}}
{{- if ge (int .settings.drain.unreadySeconds) (int .settings.drain.timeoutSeconds) -}}
{{- fail (printf "%s: drain.unreadySeconds must be less than drain.timeoutSeconds, which bounds it" .tier) -}}
{{- end -}}
{{- if eq .kind "Deployment" -}}
{{- $scale := .settings.autoscaling -}}
{{- if and $scale.enabled (gt (int $scale.minReplicas) (int $scale.maxReplicas)) -}}
{{- fail (printf "%s.autoscaling: minReplicas %d is more than maxReplicas %d" .tier (int $scale.minReplicas) (int $scale.maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- if eq (default "" .strategy) "replicated" -}}
{{- $founders := int .settings.founders -}}
{{- if or (gt $founders (int .settings.replicas)) (le (mul 2 $founders) (int .settings.replicas)) -}}
{{- fail (printf "strategies.replicated.founders: %d of %d replicas; it must be more than half, or founders that lose their disks would found a second group, and no more than all" $founders (int .settings.replicas)) -}}
{{- end -}}
{{- $budget := .settings.podDisruptionBudget -}}
{{- $minority := div (sub (int .settings.replicas) 1) 2 -}}
{{- if and $budget.enabled (or (kindIs "string" $budget.maxUnavailable) (gt (int $budget.maxUnavailable) (int $minority))) -}}
{{- fail (printf "strategies.replicated.podDisruptionBudget.maxUnavailable must be a number up to %d: more would end the quorum of %d" $minority (int .settings.replicas)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if not (rest .tiers) -}}
{{- fail "nothing is enabled: strategies, stateless and reactive are all off" -}}
{{- end -}}
{{- end -}}
