{{/* The pod template of a tier. Takes a tier of statecraft.tiers. */}}
{{- define "statecraft.podTemplate" -}}
{{- $root := .root -}}
{{- $settings := .settings -}}
{{- $drain := $settings.drain -}}
{{- $replicated := eq (default "" .strategy) "replicated" -}}
{{- /* Restarts the pods when their configuration changes, or, at the next upgrade, a Secret that the chart keeps. */}}
{{- $checksums := dict "checksum/config" (include "statecraft.applicationYaml" . | sha256sum) -}}
{{- with include "statecraft.secretsChecksum" . -}}
{{- $_ := set $checksums "checksum/secrets" . -}}
{{- end -}}
metadata:
  labels:
    {{- include "statecraft.podLabels" (dict "root" $root "tier" .tier "strategy" .strategy "labels" $settings.podLabels) | nindent 4 }}
  annotations:
    {{- include "statecraft.podAnnotations" (dict "annotations" $settings.podAnnotations "fixed" $checksums) | nindent 4 }}
spec:
  {{- $callsKubernetes := and (eq .tier "gateway") (eq (default "" $settings.discovery) "kubernetes") }}
  serviceAccountName: {{ $callsKubernetes | ternary (include "statecraft.gatewayAccountName" $root) (include "statecraft.serviceAccountName" $root) | quote }}
  automountServiceAccountToken: {{ $callsKubernetes }}
  enableServiceLinks: false
  {{- /* Seconds after the last request: affinity hands its sessions over, members of a group leave it. */}}
  {{- $leaveSeconds := get (dict "affinity" 10 "replicated" 5 "hazelcast" 10 "infinispan" 10) (default "" .strategy) | default 0 }}
  terminationGracePeriodSeconds: {{ add (int $drain.preStopSeconds) (int $drain.unreadySeconds) $leaveSeconds (int $drain.timeoutSeconds) 5 }}
  securityContext:
    {{- include "statecraft.podSecurity" (dict "root" $root "context" $settings.podSecurityContext) | nindent 4 }}
  {{- with include "statecraft.pullSecrets" (dict "root" $root) }}
  {{- . | trim | nindent 2 }}
  {{- end }}
  {{- with include "statecraft.placement" (dict "root" $root "tier" .tier "settings" $settings) }}
  {{- . | trim | nindent 2 }}
  {{- end }}
  {{- with $settings.extraInitContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .service }}
      image: {{ include "statecraft.image" . | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      securityContext:
        {{- toYaml $settings.securityContext | nindent 8 }}
      env:
        {{- $env := list (dict "name" "STATECRAFT_NODE" "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.name"))) }}
        {{- if eq .tier "gateway" }}
        {{- $env = append $env (dict "name" "POD_NAMESPACE" "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.namespace"))) }}
        {{- if eq $settings.zone "auto" }}
        {{- $env = append $env (dict "name" "STATECRAFT_GATEWAY_ZONE" "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.labels['topology.kubernetes.io/zone']"))) }}
        {{- else if $settings.zone }}
        {{- $env = append $env (dict "name" "STATECRAFT_GATEWAY_ZONE" "value" $settings.zone) }}
        {{- end }}
        {{- end }}
        {{- $env = append $env (dict "name" "SPRING_CONFIG_ADDITIONAL_LOCATION" "value" "file:/etc/statecraft/config/") }}
        {{- $env = append $env (dict "name" "JDK_JAVA_OPTIONS" "value" $settings.javaOptions) }}
        {{- include "statecraft.env" (concat $env $settings.env) | nindent 8 }}
      {{- with $settings.envFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - name: http
          containerPort: 8080
          protocol: TCP
        - name: management
          containerPort: {{ int $root.Values.management.port }}
          protocol: TCP
        {{- range $name, $port := .clusterPorts }}
        - name: {{ $name }}
          containerPort: {{ int $port }}
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
          port: management
        # Tolerant: deletion, not this probe, removes a pod that ends, and a pod short of CPU answers late but still serves.
        periodSeconds: 3
        timeoutSeconds: 5
        failureThreshold: 4
      # Excludes Redis, peers and sessions: a restart would not repair those.
      livenessProbe:
        httpGet:
          path: /actuator/health/liveness
          port: management
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      {{- if gt (int $drain.preStopSeconds) 0 }}
      lifecycle:
        preStop:
          {{- include "statecraft.sleep" (dict "root" $root "seconds" (int $drain.preStopSeconds)) | nindent 10 }}
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
        {{- if $replicated }}
        - name: data
          mountPath: /var/lib/statecraft
        {{- end }}
        {{- with $settings.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with $settings.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ .name | quote }}
    {{- range $path := keys .secrets | sortAlpha }}
    - name: {{ $path | replace "/" "-" }}
      secret:
        secretName: {{ get $.secrets $path | quote }}
        defaultMode: 0440
        {{- if eq $path "spring/datasource" }}
        items:
          - key: {{ $settings.existingSecretKey | quote }}
            path: password
        {{- else if eq $path "spring/data/redis" }}
        items:
          - key: {{ include "statecraft.redisSecretKey" $root | quote }}
            path: password
          {{- if eq $root.Values.redis.mode "sentinel" }}
          - key: {{ include "statecraft.redisSecretKey" $root | quote }}
            path: sentinel/password
          {{- end }}
        {{- end }}
    {{- end }}
    - name: tmp
      emptyDir:
        sizeLimit: {{ include "statecraft.text" $settings.tmpSize | quote }}
    {{- if and $replicated (not $settings.persistence.enabled) }}
    - name: data
      emptyDir:
        sizeLimit: {{ include "statecraft.text" $settings.persistence.size | quote }}
    {{- end }}
    {{- with $settings.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* Checksum of the data of those of a tier's Secrets that the chart keeps; empty without any. Takes a tier. */}}
{{- define "statecraft.secretsChecksum" -}}
{{- $kept := (get .root.Values "prepared" | default dict).secrets | default dict -}}
{{- $data := list -}}
{{- range $path := keys .secrets | sortAlpha -}}
{{- with get $kept (get $.secrets $path) -}}
{{- $data = append $data .data -}}
{{- end -}}
{{- end -}}
{{- with $data }}{{ toJson . | sha256sum }}{{ end -}}
{{- end -}}

{{/* Environment variables, each name once: of several, the last one. Takes a list. */}}
{{- define "statecraft.env" -}}
{{- $byName := dict -}}
{{- $names := list -}}
{{- range . -}}
{{- $variable := deepCopy . -}}
{{- if hasKey . "value" }}{{ $_ := set $variable "value" (include "statecraft.text" .value) }}{{ end -}}
{{- if not (hasKey $byName .name) }}{{ $names = append $names .name }}{{ end -}}
{{- $_ := set $byName .name $variable -}}
{{- end -}}
{{- $variables := list -}}
{{- range $names }}{{ $variables = append $variables (get $byName .) }}{{ end -}}
{{- toYaml $variables -}}
{{- end -}}

{{/* Security context of a pod, without the ids that OpenShift assigns itself. Takes root and context. */}}
{{- define "statecraft.podSecurity" -}}
{{- $openshift := include "statecraft.openshift" .root -}}
{{- $context := dict -}}
{{- range $key, $value := .context -}}
{{- if not (or (kindIs "invalid" $value) (and $openshift (has $key (list "runAsUser" "runAsGroup" "fsGroup")))) -}}
{{- $_ := set $context $key $value -}}
{{- end -}}
{{- end -}}
{{- toYaml $context -}}
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

{{/* Scheduling rules of pods. Takes root, tier (component label) and settings. */}}
{{- define "statecraft.placement" -}}
{{- with .settings.priorityClassName -}}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .settings.nodeSelector }}
{{- $texts := dict -}}
{{- include "statecraft.copyTexts" (dict "into" $texts "from" .) }}
nodeSelector:
  {{- toYaml $texts | nindent 2 }}
{{- end }}
{{- with .settings.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- $pods := dict "matchLabels" (include "statecraft.selector" . | fromYaml) -}}
{{- $constraints := list -}}
{{- range .settings.topologySpreadConstraints -}}
{{- $constraints = append $constraints (hasKey . "labelSelector" | ternary . (merge (dict "labelSelector" $pods) .)) -}}
{{- end -}}
{{- if and (not $constraints) (hasKey .settings "spread") -}}
{{- range $key, $label := dict "nodes" "kubernetes.io/hostname" "zones" "topology.kubernetes.io/zone" -}}
{{- with get $.settings.spread $key -}}
{{- $constraints = append $constraints (dict "maxSkew" 1 "topologyKey" $label "whenUnsatisfiable" . "labelSelector" $pods) -}}
{{- end -}}
{{- end -}}
{{- end }}
{{- with $constraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Claim template of a StatefulSet's data, with the fields that Kubernetes would add. Takes root, tier and persistence. */}}
{{- define "statecraft.claim" -}}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata:
    name: data
    labels:
      {{- include "statecraft.selector" . | nindent 6 }}
    {{- with .persistence.annotations }}
    {{- $texts := dict }}
    {{- include "statecraft.copyTexts" (dict "into" $texts "from" .) }}
    annotations:
      {{- toYaml $texts | nindent 6 }}
    {{- end }}
  spec:
    accessModes:
      - ReadWriteOnce
    {{- with default .root.Values.global.storageClass .persistence.storageClass }}
    storageClassName: {{ . | quote }}
    {{- end }}
    volumeMode: Filesystem
    resources:
      requests:
        storage: {{ include "statecraft.text" .persistence.size | quote }}
{{- end -}}

{{/* What happens to the claims of a StatefulSet, from Kubernetes 1.27. Takes root and persistence. */}}
{{- define "statecraft.claimRetention" -}}
{{- if semverCompare ">=1.27-0" .root.Capabilities.KubeVersion.Version -}}
persistentVolumeClaimRetentionPolicy:
  whenDeleted: {{ .persistence.retention.whenDeleted }}
  whenScaled: {{ .persistence.retention.whenScaled }}
{{- end -}}
{{- end -}}

{{/* A PodDisruptionBudget. Takes root, tier, name and maxUnavailable. */}}
{{- define "statecraft.podDisruptionBudget" -}}
{{- $kube := .root.Capabilities.KubeVersion.Version -}}
apiVersion: policy/{{ semverCompare ">=1.21-0" $kube | ternary "v1" "v1beta1" }}
kind: PodDisruptionBudget
metadata:
  {{- include "statecraft.metadata" . | nindent 2 }}
spec:
  maxUnavailable: {{ .maxUnavailable }}
  {{- if semverCompare ">=1.27-0" $kube }}
  # A pod that is not ready serves nothing: it must not block a drain, for example while Redis is down.
  unhealthyPodEvictionPolicy: AlwaysAllow
  {{- end }}
  selector:
    matchLabels:
      {{- include "statecraft.selector" . | nindent 6 }}
{{- end -}}
