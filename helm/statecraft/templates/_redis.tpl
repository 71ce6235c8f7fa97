{{/* redis.conf of a server, for all modes. */}}
{{- define "statecraft.redisConf" -}}
{{- $redis := .Values.redis -}}
{{- $lines := dict "dir" "/data" "protected-mode" "no" "maxmemory" $redis.maxmemory "maxmemory-policy" "noeviction" -}}
{{- if $redis.persistence.enabled -}}
{{- $_ := set $lines "appendonly" "yes" -}}
{{- $_ := set $lines "appendfsync" $redis.appendfsync -}}
{{- $_ := set $lines "save" "\"\"" -}}
{{- else -}}
{{- $_ := set $lines "appendonly" "no" -}}
{{- $_ := set $lines "save" "\"\"" -}}
{{- end -}}
{{- if eq $redis.mode "sentinel" -}}
{{- /* A primary without replicas, for example behind a partition, refuses writes that a failover would lose. */ -}}
{{- $_ := set $lines "min-replicas-to-write" 1 -}}
{{- $_ := set $lines "min-replicas-max-lag" 10 -}}
{{- end -}}
{{- range $directive, $value := $redis.config -}}
{{- $_ := set $lines $directive $value -}}
{{- end -}}
{{- range $directive, $value := $lines -}}
{{ $directive }} {{ $value }}
{{ end -}}
{{- end -}}

{{/* Sets .into.nodes to the host names of the Redis pods in mode sentinel. Takes root and into. */}}
{{- define "statecraft.redisNodes" -}}
{{- $name := printf "%s-redis-node" (include "statecraft.fullname" .root) -}}
{{- $nodes := list -}}
{{- range $number := until (int .root.Values.redis.sentinel.replicas) -}}
{{- $nodes = append $nodes (printf "%s-%d.%s" $name $number $name) -}}
{{- end -}}
{{- $_ := set .into "nodes" $nodes -}}
{{- end -}}

{{/* PersistentVolumeClaim of a server's data. */}}
{{- define "statecraft.redisClaim" -}}
{{- $persistence := .root.Values.redis.persistence -}}
- metadata:
    name: data
    labels:
      {{- include "statecraft.selector" . | nindent 6 }}
    {{- with $persistence.annotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with $persistence.storageClass }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests:
        storage: {{ $persistence.size }}
{{- end -}}
