{{/* redis.conf of a server, without passwords. Takes root and role: "standalone" or "server". */}}
{{- define "statecraft.redisConf" -}}
{{- $redis := .root.Values.redis -}}
{{- $lines := dict "dir" "/data" "protected-mode" "no" "maxmemory" (include "statecraft.text" $redis.maxmemory) "maxmemory-policy" "noeviction" "save" "\"\"" -}}
{{- $_ := set $lines "appendonly" ($redis.persistence.enabled | ternary "yes" "no") -}}
{{- if $redis.persistence.enabled -}}
{{- $_ := set $lines "appendfsync" $redis.appendfsync -}}
{{- end -}}
{{- if eq .role "server" -}}
{{- /* A primary without replicas, for example behind a partition, refuses writes that a failover would lose. */ -}}
{{- $_ := set $lines "min-replicas-to-write" "1" -}}
{{- $_ := set $lines "min-replicas-max-lag" "10" -}}
{{- end -}}
{{- range $directive, $value := $redis.config -}}
{{- /* YAML reads yes and no without quotes as true and false. */ -}}
{{- $text := include "statecraft.text" $value -}}
{{- $_ := set $lines $directive (get (dict "true" "yes" "false" "no") $text | default $text) -}}
{{- end -}}
{{- range $directive, $value := $lines -}}
{{ $directive }} {{ $value }}
{{ end -}}
{{- end -}}

{{/* Host names of the Redis pods in mode sentinel, separated by spaces. */}}
{{- define "statecraft.redisNodes" -}}
{{- $name := printf "%s-redis-node" (include "statecraft.fullname" .) -}}
{{- $nodes := list -}}
{{- range $number := until (int .Values.redis.sentinel.replicas) -}}
{{- $nodes = append $nodes (printf "%s-%d.%s" $name $number $name) -}}
{{- end -}}
{{- join " " $nodes -}}
{{- end -}}

{{/* ConfigMap of Redis pods. Takes root, tier, name and role. */}}
{{- define "statecraft.redisConfigMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "statecraft.metadata" . | nindent 2 }}
data:
  redis.conf: |
    {{- include "statecraft.redisConf" . | trim | nindent 4 }}
  redis-node: |
    {{- .root.Files.Get "files/redis-node" | nindent 4 }}
{{- end -}}

{{/*
StatefulSet of Redis pods. Takes root, tier, name, role ("standalone" or "server", which a sentinel accompanies) and replicas. The pod
template of "standalone" depends on no value of mode sentinel, so that a change of mode does not restart the server.
*/}}
{{- define "statecraft.redisStatefulSet" -}}
{{- $redis := .root.Values.redis -}}
{{- $settings := deepCopy (pick .root.Values.defaults "podSecurityContext" "securityContext") -}}
{{- include "statecraft.overlay" (dict "onto" $settings "over" $redis) -}}
{{- $config := printf "%s%s" (include "statecraft.redisConf" .) (.root.Files.Get "files/redis-node") -}}
{{- $fixed := dict "checksum/config" (sha256sum $config) -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  {{- include "statecraft.metadata" (merge (dict "annotations" $redis.annotations) .) | nindent 2 }}
spec:
  replicas: {{ .replicas }}
  serviceName: {{ .name | quote }}
  {{- if eq .role "server" }}
  podManagementPolicy: Parallel
  {{- end }}
  updateStrategy:
    type: RollingUpdate
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      {{- include "statecraft.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "statecraft.podLabels" (merge (dict "labels" $redis.podLabels) .) | nindent 8 }}
      annotations:
        {{- include "statecraft.podAnnotations" (dict "annotations" $redis.podAnnotations "fixed" $fixed) | nindent 8 }}
    spec:
      serviceAccountName: {{ include "statecraft.serviceAccountName" .root | quote }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 45
      securityContext:
        {{- include "statecraft.podSecurity" (dict "root" .root "context" $settings.podSecurityContext) | nindent 8 }}
      {{- with include "statecraft.pullSecrets" (dict "root" .root "own" $redis.image.pullSecrets) }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with include "statecraft.placement" (dict "root" .root "tier" .tier "settings" $redis) }}
      {{- . | trim | nindent 6 }}
      {{- end }}
      {{- with $redis.extraInitContainers }}
      initContainers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        {{- include "statecraft.redisContainer" (merge (dict "settings" $settings "container" "redis") .) | nindent 8 }}
        {{- if eq .role "server" }}
        {{- include "statecraft.redisContainer" (merge (dict "settings" $settings "container" "sentinel" "role" "sentinel") .) | nindent 8 }}
        {{- end }}
        {{- with $redis.extraContainers }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      volumes:
        - name: config
          configMap:
            name: {{ .name | quote }}
        # Redis follows a change of these files without a restart.
        - name: auth
          projected:
            defaultMode: 0440
            sources:
              - secret:
                  name: {{ include "statecraft.redisSecretName" .root | quote }}
                  items:
                    - key: {{ include "statecraft.redisSecretKey" .root | quote }}
                      path: password
              - secret:
                  name: {{ include "statecraft.redisSecretName" .root | quote }}
                  optional: true
                  items:
                    - key: {{ $redis.auth.additionalKey | quote }}
                      path: additional-password
        # Configuration with passwords.
        - name: run
          emptyDir:
            medium: Memory
            sizeLimit: 1Mi
        - name: tmp
          emptyDir:
            sizeLimit: 16Mi
        {{- if not $redis.persistence.enabled }}
        - name: data
          emptyDir:
            sizeLimit: {{ include "statecraft.text" $redis.persistence.size | quote }}
        {{- end }}
        {{- with $redis.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  {{- if $redis.persistence.enabled }}
  {{- $claim := dict "root" .root "tier" .tier "persistence" $redis.persistence }}
  {{- with include "statecraft.claimRetention" $claim }}
  {{- . | nindent 2 }}
  {{- end }}
  volumeClaimTemplates:
    {{- include "statecraft.claim" $claim | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* A server or a sentinel. Takes what the StatefulSet takes, with settings, container (its name) and role. */}}
{{- define "statecraft.redisContainer" -}}
{{- $redis := .root.Values.redis -}}
{{- $fullname := include "statecraft.fullname" .root -}}
{{- $sentinel := eq .role "sentinel" -}}
- name: {{ .container }}
  image: {{ include "statecraft.redisImage" .root | quote }}
  imagePullPolicy: {{ $redis.image.pullPolicy }}
  securityContext:
    {{- toYaml .settings.securityContext | nindent 4 }}
  command: [sh, /etc/redis/redis-node, {{ .role }}]
  env:
    {{- $group := printf "%s-redis-node" $fullname }}
    {{- $env := list (dict "name" "POD" "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.name"))) }}
    {{- $env = append $env (dict "name" "ORIGIN" "value" (printf "%s-redis" $fullname)) }}
    {{- if eq .role "standalone" }}
    {{- $env = append $env (dict "name" "SELF" "value" (printf "%s-redis" $fullname)) }}
    {{- $nodes := list }}
    {{- range until 7 }}
    {{- $nodes = append $nodes (printf "%s-%d.%s" $group . $group) }}
    {{- end }}
    {{- $env = append $env (dict "name" "NODES" "value" (join " " $nodes)) }}
    {{- else }}
    {{- $env = append $env (dict "name" "SELF" "value" (printf "$(POD).%s" $group)) }}
    {{- $env = append $env (dict "name" "NODES" "value" (include "statecraft.redisNodes" .root)) }}
    {{- end }}
    {{- if $sentinel }}
    {{- $env = append $env (dict "name" "QUORUM" "value" (add (div (int $redis.sentinel.replicas) 2) 1)) }}
    {{- $env = append $env (dict "name" "DOWN_AFTER_MILLIS" "value" (int $redis.sentinel.downAfterMillis)) }}
    {{- end }}
    {{- include "statecraft.env" (concat $env $redis.env) | nindent 4 }}
  ports:
    - name: {{ .container }}
      containerPort: {{ $sentinel | ternary 26379 6379 }}
      protocol: TCP
  # Allows 120 s, because a server loads its append-only file before it opens the port.
  startupProbe:
    tcpSocket:
      port: {{ .container }}
    periodSeconds: 1
    failureThreshold: 120
  # Fails while the server loads its data.
  readinessProbe:
    exec:
      command: [sh, /etc/redis/redis-node, ping, {{ $sentinel | ternary "26379" "6379" | quote }}]
    periodSeconds: 5
    timeoutSeconds: 5
    failureThreshold: 2
  # Checks the port only, so that loading does not cause a restart.
  livenessProbe:
    tcpSocket:
      port: {{ .container }}
    periodSeconds: 10
    timeoutSeconds: 5
    failureThreshold: 6
  lifecycle:
    preStop:
      {{- if $sentinel }}
      # Keeps the sentinel alive during its server's hand-over.
      {{- include "statecraft.sleep" (dict "root" .root "seconds" 12) | nindent 6 }}
      {{- else }}
      exec:
        command: [sh, /etc/redis/redis-node, hand-over]
      {{- end }}
  resources:
    {{- toYaml ($sentinel | ternary $redis.sentinel.resources $redis.resources) | nindent 4 }}
  volumeMounts:
    - name: config
      mountPath: /etc/redis
      readOnly: true
    - name: auth
      mountPath: /etc/redis-auth
      readOnly: true
    - name: run
      mountPath: /run/redis
    - name: data
      mountPath: /data
    - name: tmp
      mountPath: /tmp
    {{- with $redis.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
