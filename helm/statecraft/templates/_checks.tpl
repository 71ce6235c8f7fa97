{{/* Rejects values that are valid one by one but contradict each other, which the schema cannot check. Takes root and tiers. */}}
{{- define "statecraft.checks" -}}
{{- $redis := .root.Values.redis -}}
{{- if and .root.Values.strategies.redis.enabled (eq $redis.mode "external") -}}
{{- if not $redis.external.host -}}
{{- fail "redis.mode is external: set redis.external.host" -}}
{{- end -}}
{{- if and $redis.external.auth (not $redis.auth.existingSecret) -}}
{{- fail "redis.external.auth is true: set redis.auth.existingSecret to the Secret with the password" -}}
{{- end -}}
{{- end -}}
{{- range .tiers -}}
{{- if ge (int .settings.drain.unreadySeconds) (int .settings.drain.timeoutSeconds) -}}
{{- fail (printf "%s: drain.unreadySeconds must be less than drain.timeoutSeconds" .tier) -}}
{{- end -}}
{{- if eq .kind "Deployment" -}}
{{- $scale := .settings.autoscaling -}}
{{- if and $scale.enabled (gt (int $scale.minReplicas) (int $scale.maxReplicas)) -}}
{{- fail (printf "%s.autoscaling: minReplicas %d is greater than maxReplicas %d" .tier (int $scale.minReplicas) (int $scale.maxReplicas)) -}}
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
{{- if not (rest .tiers) -}}
{{- fail "no service is enabled: enable a strategy, stateless or reactive" -}}
{{- end -}}
{{- end -}}
