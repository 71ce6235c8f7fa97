{{/*
Completes the values and derives from them, once, what all templates use:
.Values.prepared.tiers    the tiers of the release, see statecraft.tiers
.Values.prepared.secrets  the Secrets that the chart keeps, see statecraft.secrets
*/}}
{{- define "statecraft.prepare" -}}
{{- if not (hasKey .Values "prepared") -}}
{{- include "statecraft.complete" (dict "into" .Values "from" (.Files.Get "files/defaults.yaml" | fromYaml)) -}}
{{- $prepared := dict -}}
{{- include "statecraft.secrets" (dict "root" . "into" $prepared) -}}
{{- include "statecraft.tiers" (dict "root" . "into" $prepared) -}}
{{- include "statecraft.checks" (dict "root" . "tiers" $prepared.tiers "missing" $prepared.missing) -}}
{{- $_ := set .Values "prepared" $prepared -}}
{{- end -}}
{{- end -}}

{{/*
Sets each key that is missing in map "into" to its default in map "from". Keys are missing after an upgrade with --reuse-values
from an older chart, and where a value is null. Maps in Kubernetes' format stay as they are set.
*/}}
{{- define "statecraft.complete" -}}
{{- range $key, $default := .from -}}
{{- $value := get $.into $key -}}
{{- if or (not (hasKey $.into $key)) (kindIs "invalid" $value) -}}
{{- $_ := set $.into $key $default -}}
{{- else if and (kindIs "map" $default) (kindIs "map" $value) (not (has $key (list "resources" "labels" "podSecurityContext" "securityContext"))) -}}
{{- include "statecraft.complete" (dict "into" $value "from" $default) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Overlays map "onto" with map "over", in place. Unlike mergeOverwrite, it copies false, 0 and "" too. */}}
{{- define "statecraft.overlay" -}}
{{- range $key, $value := deepCopy .over -}}
{{- $under := get $.onto $key -}}
{{- if and (kindIs "map" $value) (kindIs "map" $under) -}}
{{- include "statecraft.overlay" (dict "onto" $under "over" $value) -}}
{{- else -}}
{{- $_ := set $.onto $key $value -}}
{{- end -}}
{{- end -}}
{{- end -}}
