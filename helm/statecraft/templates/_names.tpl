{{/* Names, labels and image references. */}}

{{- define "statecraft.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* First part of all names. At most 36 characters, so that a pod's name with tier and number stays a DNS label. */}}
{{- define "statecraft.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 36 | trimSuffix "-" -}}
{{- else if contains (include "statecraft.name" .) .Release.Name -}}
{{- .Release.Name | trunc 36 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "statecraft.name" .) | trunc 36 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Selector labels of pods; they must never change. Takes root and tier. */}}
{{- define "statecraft.selector" -}}
app.kubernetes.io/name: {{ include "statecraft.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .tier }}
{{- end -}}

{{/* Labels of a pod, without a version, so that upgrading only the chart restarts no pod. Takes root and tier. */}}
{{- define "statecraft.podLabels" -}}
{{ include "statecraft.selector" . }}
app.kubernetes.io/part-of: statecraft
{{- with .strategy }}
statecraft.dev/strategy: {{ . }}
{{- end }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels of an object. Takes root and tier. */}}
{{- define "statecraft.labels" -}}
{{ include "statecraft.selector" . }}
app.kubernetes.io/part-of: statecraft
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .strategy }}
statecraft.dev/strategy: {{ . }}
{{- end }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "statecraft.image" -}}
{{- $image := .root.Values.image -}}
{{- $path := list $image.registry $image.repository .service | compact | join "/" -}}
{{- printf "%s:%s" $path (default .root.Chart.AppVersion $image.tag) -}}
{{- end -}}

{{- define "statecraft.redisImage" -}}
{{- $image := .Values.redis.image -}}
{{- printf "%s:%s" (list $image.registry $image.repository | compact | join "/") $image.tag -}}
{{- end -}}

{{/* The service account of every pod that does not call the Kubernetes API. */}}
{{- define "statecraft.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "statecraft.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "statecraft.redisSecretName" -}}
{{- default (printf "%s-redis" (include "statecraft.fullname" .)) .Values.redis.auth.existingSecret -}}
{{- end -}}

{{- define "statecraft.redisSecretKey" -}}
{{- if .Values.redis.auth.existingSecret }}{{ .Values.redis.auth.existingSecretKey }}{{ else }}password{{ end -}}
{{- end -}}

{{/* Whether this release runs Redis itself. */}}
{{- define "statecraft.runsRedis" -}}
{{- if and .Values.strategies.redis.enabled (ne .Values.redis.mode "external") }}true{{ end -}}
{{- end -}}
