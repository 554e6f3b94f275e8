{{/*
Which process is told which secret: the one table. Each becomes a file below /run/secrets/huilian and a variable
NAME_FILE that points to it, so no secret stands in any process's environment.
*/}}
{{- define "huilian.knows" -}}
web:         [secretKey, databaseKey, fieldKey, broker, cache]
worker:      [secretKey, databaseKey, fieldKey, broker, cache, mail]
provisioner: [secretKey, databaseKey, fieldKey, broker, cache, provisioner]
beat:        [broker]
reconcile:   [secretKey, databaseKey, fieldKey, broker, cache]
backup:      [databaseKey, broker, provisioner]
upgrade:     [secretKey, databaseKey, fieldKey, broker, cache, provisioner]
federation:  [secretKey, databaseKey, fieldKey, broker, cache, provisioner]
provision:   [databaseKey, broker, provisioner, admin]
test:        []
{{- end }}

{{/* Where each secret lies: the variable that Huilian reads, the Secret, the key in it. */}}
{{- define "huilian.secrets" -}}
{{- $v := .Values -}}
{{- $trial := printf "%s-trial" (include "huilian.fullname" .) -}}
{{- $keys := $v.secrets.existingSecret -}}
secretKey:   {variable: SECRET_KEY, secret: {{ $keys | quote }}, key: {{ $v.secrets.keys.secretKey | quote }}}
databaseKey: {variable: HUILIAN_DATABASE_KEY, secret: {{ $keys | quote }}, key: {{ $v.secrets.keys.databaseKey | quote }}}
fieldKey:    {variable: HUILIAN_FIELD_KEY, secret: {{ $keys | quote }}, key: {{ $v.secrets.keys.fieldKey | quote }}}
broker:      {variable: BROKER_URL, secret: {{ $v.broker.existingSecret | quote }}, key: {{ $v.broker.key | quote }}}
cache:       {variable: CACHE_URL, secret: {{ $v.cache.existingSecret | quote }}, key: {{ $v.cache.key | quote }}}
provisioner: {variable: PROVISIONER_DATABASE_URL, secret: {{ $v.database.provisioner.existingSecret | quote }}, key: {{ $v.database.provisioner.key | quote }}}
admin:       {variable: ADMIN_DATABASE_URL, secret: {{ $v.database.admin.existingSecret | quote }}, key: {{ $v.database.admin.key | quote }}}
mail:        {variable: HUILIAN_EMAIL_PASSWORD, secret: {{ $v.mail.existingSecret | quote }}, key: {{ $v.mail.key | quote }}}
{{- end }}

{{/* (dict "root" $ "process" "web"): the secrets of one process as a list; those without a Secret are optional ones. */}}
{{- define "huilian.secretsOf" -}}
{{- $root := .root -}}
{{- $known := fromYaml (include "huilian.secrets" $root) -}}
{{- $found := list -}}
{{- range index (fromYaml (include "huilian.knows" $root)) .process -}}
  {{- $one := index $known . -}}
  {{- if and $root.Values.trial.enabled (ne . "mail") -}}
    {{- $one = dict "variable" $one.variable "secret" (printf "%s-trial" (include "huilian.fullname" $root)) "key" $one.variable -}}
  {{- end -}}
  {{- if $one.secret -}}
    {{- $found = append $found $one -}}
  {{- end -}}
{{- end -}}
{{- toYaml $found -}}
{{- end }}
