/// Keeps the page for a second: many browsers that come at once do not each make it anew.
actor PageCache {
  private var page = ""
  private var end = ContinuousClock.now

  func page(_ make: () -> String) -> String {
    if page.isEmpty || .now >= end {
      page = make()
      end = .now + .seconds(1)
    }
    return page
  }
}
