/// The program that is to be tried on the page.
enum TryPanel: String, CaseIterable {
  case review = "chapter3-imdb"
  case dense = "chapter2-mnist"
  case convnet = "chapter5-mnist-convnet"
  case plane = "chapter8-vae"
  case writer = "chapter8-text-generation"
  case gradcam = "chapter5-visualizing"
  case dream = "chapter8-deepdream"

  var html: String {
    "<section class=\"try\" data-try=\"\(self)\" aria-label=\"Try it\"><h4>\(title)</h4></section>"
  }

  private var title: String {
    switch self {
    case .review: "Try it: write a review"
    case .dense, .convnet: "Try it: draw a digit"
    case .plane: "Try it: walk on the plane"
    case .writer: "Try it: let it write"
    case .gradcam: "Try it: where does a network look?"
    case .dream: "Try it: let it dream about a photograph"
    }
  }
}
