{{/* Names, labels, annotations and image references. */}}

{{- define "statecraft.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimAll "-." -}}
{{- end -}}

{{/*
First part of all names: a DNS label of at most 32 characters, so that the longest name of a StatefulSet, with
"-stateful-replicated", has 52. Kubernetes appends 11 characters for the label controller-revision-hash, which has at most 63.
A name that has to be changed for that ends with a hash, so that two such names differ.
*/}}
{{- define "statecraft.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else -}}
{{- $name := include "statecraft.name" . -}}
{{- $whole := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- $label := regexReplaceAll "[^a-z0-9-]+" (lower $whole) "-" -}}
{{- if not (regexMatch "^[a-z]" $label) -}}
{{- $label = printf "r%s" $label -}}
{{- end -}}
{{- if or (ne $label $whole) (gt (len $label) 32) -}}
{{- printf "%s-%s" ($label | trunc 23 | trimSuffix "-") ($whole | sha256sum | trunc 8) -}}
{{- else -}}
{{- $label -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "statecraft.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{/* A scalar value as text. A whole number prints its digits, where Go's templates would print 1e+06. */}}
{{- define "statecraft.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}

{{/* Copies map "from" into map "into", with values as text. */}}
{{- define "statecraft.copyTexts" -}}
{{- range $key, $value := .from -}}
{{- $_ := set $.into $key (include "statecraft.text" $value) -}}
{{- end -}}
{{- end -}}

{{/* Labels of pods that selectors use; they must never change. Takes root and tier. */}}
{{- define "statecraft.selector" -}}
app.kubernetes.io/name: {{ include "statecraft.name" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .tier | quote }}
{{- end -}}

{{/*
Labels of a pod, without a version, so that upgrading only the chart restarts no pod. Each key occurs once, and the chart's own
win. Takes root and tier; optional: strategy, and labels of the values.
*/}}
{{- define "statecraft.podLabels" -}}
{{- $labels := dict -}}
{{- include "statecraft.copyTexts" (dict "into" $labels "from" .root.Values.commonLabels) -}}
{{- include "statecraft.copyTexts" (dict "into" $labels "from" .labels) -}}
{{- include "statecraft.copyTexts" (dict "into" $labels "from" (include "statecraft.selector" . | fromYaml)) -}}
{{- $_ := set $labels "app.kubernetes.io/part-of" "statecraft" -}}
{{- with .strategy -}}
{{- $_ := set $labels "statecraft.dev/strategy" . -}}
{{- end -}}
{{- toYaml $labels -}}
{{- end -}}

{{/*
Metadata of an object. Takes root, tier and name; optional: strategy, labels and annotations of the values, and annotations of
the chart as "fixed".
*/}}
{{- define "statecraft.metadata" -}}
{{- $chart := .root.Chart -}}
{{- $labels := include "statecraft.podLabels" . | fromYaml -}}
{{- $_ := set $labels "app.kubernetes.io/version" ($chart.AppVersion | replace "+" "_" | trunc 63 | trimAll "-._") -}}
{{- $_ := set $labels "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $_ := set $labels "helm.sh/chart" (printf "%s-%s" $chart.Name $chart.Version | replace "+" "_" | trunc 63 | trimAll "-._") -}}
{{- $annotations := dict -}}
{{- include "statecraft.copyTexts" (dict "into" $annotations "from" .root.Values.commonAnnotations) -}}
{{- include "statecraft.copyTexts" (dict "into" $annotations "from" .annotations) -}}
{{- include "statecraft.copyTexts" (dict "into" $annotations "from" .fixed) -}}
name: {{ .name | quote }}
{{- with .root.Values.namespaceOverride }}
namespace: {{ . | quote }}
{{- end }}
labels:
  {{- toYaml $labels | nindent 2 }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Annotations of a pod. Takes those of the values as "annotations", and those of the chart, which win, as "fixed". */}}
{{- define "statecraft.podAnnotations" -}}
{{- $annotations := dict -}}
{{- include "statecraft.copyTexts" (dict "into" $annotations "from" .annotations) -}}
{{- include "statecraft.copyTexts" (dict "into" $annotations "from" .fixed) -}}
{{- toYaml $annotations -}}
{{- end -}}

{{- define "statecraft.image" -}}
{{- $image := .root.Values.image -}}
{{- $registry := default $image.registry .root.Values.global.imageRegistry -}}
{{- $path := list $registry $image.repository .service | compact | join "/" -}}
{{- $tag := default (.root.Chart.AppVersion | replace "+" "_") (include "statecraft.text" $image.tag) -}}
{{- with get $image.digests .service }}{{ $tag = printf "%s@%s" $tag . }}{{ end -}}
{{- printf "%s:%s" $path $tag -}}
{{- end -}}

{{- define "statecraft.redisImage" -}}
{{- $image := .Values.redis.image -}}
{{- $path := list (default $image.registry .Values.global.imageRegistry) $image.repository | compact | join "/" -}}
{{- printf "%s:%s" $path (include "statecraft.text" $image.tag) }}{{ with $image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{/* Pull secrets of a pod, each once; those of global may be plain names. Takes root and, for Redis, its own as "own". */}}
{{- define "statecraft.pullSecrets" -}}
{{- $names := list -}}
{{- range concat .root.Values.image.pullSecrets (default list .own) .root.Values.global.imagePullSecrets -}}
{{- $names = append $names (kindIs "map" . | ternary . (dict "name" .)) -}}
{{- end -}}
{{- with uniq $names -}}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* The service account of every pod that does not call the Kubernetes API. */}}
{{- define "statecraft.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "statecraft.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The service account of a gateway with discovery "kubernetes". */}}
{{- define "statecraft.gatewayAccountName" -}}
{{- default (printf "%s-gateway" (include "statecraft.fullname" .)) .Values.gateway.serviceAccount.name -}}
{{- end -}}

{{/* Whether this release runs Redis itself. */}}
{{- define "statecraft.runsRedis" -}}
{{- if and .Values.strategies.redis.enabled (ne .Values.redis.mode "external") }}true{{ end -}}
{{- end -}}

{{/* Whether this release runs the standalone Redis server: in its own mode, and while a group of sentinels takes over from it. */}}
{{- define "statecraft.runsStandaloneRedis" -}}
{{- $redis := .Values.redis -}}
{{- if and .Values.strategies.redis.enabled (or (eq $redis.mode "standalone") (and (eq $redis.mode "sentinel") $redis.sentinel.migration)) }}true{{ end -}}
{{- end -}}

{{/* Whether the cluster assigns user and group ids, as OpenShift does. */}}
{{- define "statecraft.openshift" -}}
{{- if or (eq (toString .Values.openshift) "true") (and (eq (toString .Values.openshift) "auto") (.Capabilities.APIVersions.Has "security.openshift.io/v1")) }}true{{ end -}}
{{- end -}}
