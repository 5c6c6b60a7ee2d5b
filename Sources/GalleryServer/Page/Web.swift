/// The page's own files. They are compiled into the program, so that it works wherever it is copied to.
enum Web {
  /// The files by name, with what kind of text they are.
  static let files: [String: (bytes: [UInt8], type: String)] = [
    "page.css": (PackageResources.page_css, "text/css; charset=utf-8"),
    "page.js": (PackageResources.page_js, "text/javascript; charset=utf-8"),
    "chart.js": (PackageResources.chart_js, "text/javascript; charset=utf-8"),
    "run.js": (PackageResources.run_js, "text/javascript; charset=utf-8"),
    "try.js": (PackageResources.try_js, "text/javascript; charset=utf-8"),
    "photo.js": (PackageResources.photo_js, "text/javascript; charset=utf-8"),
  ]

  static func text(_ name: String) -> String {
    String(decoding: files[name]?.bytes ?? [], as: UTF8.self)
  }
}
