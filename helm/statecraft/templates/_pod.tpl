{{/* The pod template of a tier. Takes a tier of statecraft.tiers. */}}
{{- define "statecraft.podTemplate" -}}
{{- $settings := .settings -}}
{{- $drain := $settings.drain -}}
metadata:
  labels:
    {{- include "statecraft.podLabels" . | nindent 4 }}
    {{- with $settings.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # Restarts the pods when their configuration changes.
    checksum/config: {{ include "statecraft.applicationYaml" . | sha256sum }}
    {{- with $settings.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- $callsKubernetes := and (eq .tier "gateway") (eq (default "" $settings.discovery) "kubernetes") }}
  serviceAccountName: {{ $callsKubernetes | ternary .name (include "statecraft.serviceAccountName" .root) }}
  automountServiceAccountToken: {{ $callsKubernetes }}
  enableServiceLinks: false
  {{- /* Seconds after the last request: affinity hands its sessions over, a replicated member leaves its group. */}}
  {{- $leaveSeconds := get (dict "affinity" 10 "replicated" 5) (default "" .strategy) | default 0 }}
  terminationGracePeriodSeconds: {{ add (int $drain.preStopSeconds) (int $drain.unreadySeconds) $leaveSeconds (int $drain.timeoutSeconds) 5 }}
  securityContext:
    {{- include "statecraft.podSecurity" . | nindent 4 }}
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- include "statecraft.placement" (dict "tier" . "settings" $settings) | nindent 2 }}
  containers:
    - name: {{ .service }}
      image: {{ include "statecraft.image" . }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      securityContext:
        {{- include "statecraft.containerSecurity" . | nindent 8 }}
      env:
        - name: STATECRAFT_NODE
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        {{- if eq .tier "gateway" }}
        - name: POD_NAMESPACE
          valueFrom:
            fieldRef:
              fieldPath: metadata.namespace
        {{- end }}
        - name: SPRING_CONFIG_ADDITIONAL_LOCATION
          value: file:/etc/statecraft/config/
        - name: JDK_JAVA_OPTIONS
          value: {{ $settings.javaOptions | quote }}
        {{- with $settings.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - name: http
          containerPort: 8080
          protocol: TCP
        {{- if eq (default "" .strategy) "replicated" }}
        - name: raft
          containerPort: 7800
          protocol: TCP
        {{- end }}
      # Waits for the port. The other probes start after this one succeeded.
      startupProbe:
        tcpSocket:
          port: http
        periodSeconds: 2
        failureThreshold: {{ div (add (int $settings.startupSeconds) 1) 2 }}
      # Includes what the service needs to serve requests (its session store, its Raft group).
      readinessProbe:
        httpGet:
          path: /actuator/health/readiness
          port: http
        # Tolerant: deletion, not this probe, removes a pod that ends, and a pod short of CPU answers late but still serves.
        periodSeconds: 3
        timeoutSeconds: 5
        failureThreshold: 4
      # Excludes Redis, peers and sessions: a restart would not repair those.
      livenessProbe:
        httpGet:
          path: /actuator/health/liveness
          port: http
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      {{- if gt (int $drain.preStopSeconds) 0 }}
      lifecycle:
        preStop:
          {{- include "statecraft.sleep" (dict "root" .root "seconds" (int $drain.preStopSeconds)) | nindent 10 }}
      {{- end }}
      resources:
        {{- toYaml $settings.resources | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/statecraft/config
          readOnly: true
        {{- range $path := keys .secrets | sortAlpha }}
        - name: {{ $path | replace "/" "-" }}
          mountPath: /etc/statecraft/secrets/{{ $path }}
          readOnly: true
        {{- end }}
        - name: tmp
          mountPath: /tmp
        {{- if eq (default "" .strategy) "replicated" }}
        - name: data
          mountPath: /var/lib/statecraft
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ .name }}
    {{- range $path := keys .secrets | sortAlpha }}
    - name: {{ $path | replace "/" "-" }}
      secret:
        secretName: {{ get $.secrets $path }}
        defaultMode: 0440
        {{- if eq $path "spring/data/redis" }}
        items:
          - key: {{ include "statecraft.redisSecretKey" $.root }}
            path: password
          {{- if eq $.root.Values.redis.mode "sentinel" }}
          - key: {{ include "statecraft.redisSecretKey" $.root }}
            path: sentinel/password
          {{- end }}
        {{- end }}
    {{- end }}
    - name: tmp
      emptyDir: {}
    {{- if and (eq (default "" .strategy) "replicated") (not $settings.persistence.enabled) }}
    - name: data
      emptyDir: {}
    {{- end }}
{{- end -}}

{{/* Meets the Pod Security Standard "restricted". */}}
{{- define "statecraft.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "statecraft.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Kubernetes 1.30 and later has a sleep action; earlier versions run the image's sleep command. */}}
{{- define "statecraft.sleep" -}}
{{- if semverCompare ">=1.30-0" .root.Capabilities.KubeVersion.Version -}}
sleep:
  seconds: {{ .seconds }}
{{- else -}}
exec:
  command: [sleep, {{ .seconds | quote }}]
{{- end -}}
{{- end -}}

{{/* Scheduling rules of pods. Takes tier and settings. */}}
{{- define "statecraft.placement" -}}
{{- with .settings.priorityClassName -}}
priorityClassName: {{ . }}
{{ end -}}
{{- with .settings.nodeSelector -}}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{ end -}}
{{- with .settings.tolerations -}}
tolerations:
  {{- toYaml . | nindent 2 }}
{{ end -}}
{{- with .settings.affinity -}}
affinity:
  {{- toYaml . | nindent 2 }}
{{ end -}}
topologySpreadConstraints:
{{- if .settings.topologySpreadConstraints }}
  {{- toYaml .settings.topologySpreadConstraints | nindent 2 }}
{{- else }}
{{- $tier := .tier }}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "statecraft.selector" $tier | nindent 8 }}
{{- end }}
{{- end }}
{{- end -}}
