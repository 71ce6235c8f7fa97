{{/*
An object of the cluster as JSON; an empty one if it does not exist or if Helm renders without a cluster. All lookups of the chart
are here. Takes root, apiVersion, kind, name and namespace (empty for objects outside namespaces).
*/}}
{{- define "statecraft.find" -}}
{{- lookup .apiVersion .kind .namespace .name | toJson -}}
{{- end -}}

{{/*
Whether Helm reads a cluster. Every namespace has the service account "default"; where the namespace does not exist yet, the user
may create namespaces, and so also read "kube-system".
*/}}
{{- define "statecraft.hasCluster" -}}
{{- $account := include "statecraft.find" (dict "root" . "apiVersion" "v1" "kind" "ServiceAccount" "namespace" (include "statecraft.namespace" .) "name" "default") | fromJson -}}
{{- if not $account -}}
{{- $account = include "statecraft.find" (dict "root" . "apiVersion" "v1" "kind" "Namespace" "namespace" "" "name" "kube-system") | fromJson -}}
{{- end -}}
{{- if $account }}true{{ end -}}
{{- end -}}
