;;; What a person does in Emacs with Eglot, without the person: connects, asks, renames, is refused.  -*- lexical-binding: t -*-

(require 'cl-lib)
(require 'json)
(require 'package)
(package-initialize)
(require 'eglot)
(require 'rust-mode nil t)
(require 'xref)
(require 'imenu)

(load (getenv "FERROGRAPH_SETTINGS") nil t)
(setq eglot-sync-connect 60
      eglot-connect-timeout 60
      create-lockfiles nil
      make-backup-files nil)

(defvar session-results nil "What is written down, newest first.")

(defun session-note (name value)
  "Write down VALUE under NAME."
  (push (cons name value) session-results))

(defun session-go (text)
  "Put the cursor behind the first TEXT of the buffer."
  (goto-char (point-min))
  (search-forward text))

(defvar session-root default-directory "The workspace.")

(defun session-texts (file)
  "What is in FILE on disk."
  (with-temp-buffer
    (insert-file-contents (expand-file-name file session-root))
    (buffer-string)))

(defun session-run ()
  "Do all of it."
  (find-file "shapes/src/lib.rs")
  (session-note 'mode (symbol-name major-mode))
  ;; Without a display no command is ever over, and Eglot waits for the end of one.
  (run-hooks 'post-command-hook)
  (session-note 'managed (if (eglot-managed-p) t :json-false))
  (session-note 'server (plist-get (eglot--server-info (eglot-current-server)) :name))
  (session-note 'imenu (vconcat (mapcar #'car (imenu--make-index-alist t))))
  (session-go "fn sca")
  (session-note 'references
                (length (xref-backend-references 'eglot (xref-backend-identifier-at-point 'eglot))))
  (session-note 'refused
                (condition-case problem
                    (progn (eglot-rename "total") "")
                  (error (error-message-string problem))))
  ;; Files that no buffer has are asked for.
  (cl-letf (((symbol-function 'y-or-n-p) (lambda (&rest _) t)))
    (eglot-rename "rescale"))
  (save-some-buffers t)
  (session-note 'lib (session-texts "shapes/src/lib.rs"))
  (session-note 'main (session-texts "app/src/main.rs"))
  (eglot-shutdown (eglot-current-server)))

(condition-case problem
    (session-run)
  (error (session-note 'problem (error-message-string problem))))
(with-temp-file (getenv "FERROGRAPH_RESULTS")
  (insert (json-encode session-results)))
