{{/*
(dict "root" $ "process" "web"): the secrets that one process is told, as a list. Each becomes a file below
/run/secrets/huilian and a variable NAME_FILE that points to it, so none stands in a process's environment. What names no
Secret is optional and left out.
*/}}
{{- define "huilian.secretsOf" -}}
{{- $v := .root.Values -}}
{{- $keys := $v.secrets -}}

{{- /* Which process is told what: the one table. */ -}}
{{- $society := list "SECRET_KEY" "HUILIAN_DATABASE_KEY" "HUILIAN_FIELD_KEY" "BROKER_URL" "CACHE_URL" -}}
{{- $sms := list "HUILIAN_SMS_KEY_SECRET" "HUILIAN_SMS_TEMPLATES" -}}
{{- $s3 := list "HUILIAN_S3_KEY_SECRET" -}}
{{- $knows := dict
  "web"         (concat $society $sms $s3)
  "worker"      (concat $society $sms $s3 (list "HUILIAN_EMAIL_PASSWORD"))
  "provisioner" (concat $society $s3 (list "PROVISIONER_DATABASE_URL"))
  "beat"        (list "BROKER_URL")
  "reconcile"   $society
  "backup"      (concat $s3 (list "HUILIAN_DATABASE_KEY" "BROKER_URL" "PROVISIONER_DATABASE_URL"))
  "upgrade"     (append $society "PROVISIONER_DATABASE_URL")
  "federation"  (concat $society $s3 (list "PROVISIONER_DATABASE_URL"))
  "provision"   (list "HUILIAN_DATABASE_KEY" "BROKER_URL" "PROVISIONER_DATABASE_URL" "ADMIN_DATABASE_URL")
  "test"        list
-}}

{{- /* In which Secret, under which key each of them lies. */ -}}
{{- $lies := dict
  "SECRET_KEY"               (list $keys.existingSecret $keys.keys.secretKey)
  "HUILIAN_DATABASE_KEY"     (list $keys.existingSecret $keys.keys.databaseKey)
  "HUILIAN_FIELD_KEY"        (list $keys.existingSecret $keys.keys.fieldKey)
  "BROKER_URL"               (list $v.broker.existingSecret $v.broker.key)
  "CACHE_URL"                (list $v.cache.existingSecret $v.cache.key)
  "HUILIAN_EMAIL_PASSWORD"   (list $v.mail.existingSecret $v.mail.key)
  "HUILIAN_SMS_KEY_SECRET"   (list (ternary $v.sms.existingSecret "" (ne $v.sms.provider "")) $v.sms.keys.secret)
  "HUILIAN_SMS_TEMPLATES"    (list (ternary $v.sms.existingSecret "" (ne $v.sms.provider "")) $v.sms.keys.templates)
  "HUILIAN_S3_KEY_SECRET"    (list (ternary $v.media.s3.existingSecret "" (ne $v.media.s3.bucket "")) $v.media.s3.key)
  "PROVISIONER_DATABASE_URL" (list $v.database.provisioner.existingSecret $v.database.provisioner.key)
  "ADMIN_DATABASE_URL"       (list $v.database.admin.existingSecret $v.database.admin.key)
-}}
{{- $trial := printf "%s-trial" (include "huilian.fullname" .root) -}}
{{- $found := list -}}
{{- range $variable := index $knows .process -}}
  {{- $place := index $lies $variable -}}
  {{- if and $v.trial.enabled (not (has $variable (concat $sms $s3 (list "HUILIAN_EMAIL_PASSWORD")))) -}}
    {{- $place = list $trial $variable -}}
  {{- end -}}
  {{- if index $place 0 -}}
    {{- $found = append $found (dict "variable" $variable "secret" (index $place 0) "key" (index $place 1)) -}}
  {{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end }}
