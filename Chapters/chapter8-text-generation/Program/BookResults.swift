/// The book's own run.
enum BookResults {
  /// The number of characters of the book's corpus.
  static let characters = 600_893
  /// The training loss of each of its 59 epochs: from the 56th on training breaks down.
  static let losses = [
    1.9895, 1.6382, 1.5460, 1.4973, 1.4682, 1.4466, 1.4282, 1.4150, 1.4035, 1.3947, 1.3844, 1.3772,
    1.3722, 1.3646, 1.3608, 1.3559, 1.3512, 1.3477, 1.3436, 1.3391, 1.3378, 1.3333, 1.3316, 1.3281,
    1.3253, 1.3228, 1.3207, 1.3176, 1.3180, 1.3154, 1.3148, 1.3159, 1.3124, 1.3112, 1.3095, 1.3071,
    1.3131, 1.3183, 1.3068, 1.3098, 1.3371, 1.3126, 1.3076, 1.3073, 1.3052, 1.3068, 1.3025, 1.3048,
    1.3035, 1.3031, 1.3079, 1.3046, 1.3120, 1.3014, 1.3026, 1.5978, 4.7329, 12.5951, 14.5726,
  ]
  /// The number of epochs before it breaks down.
  static let goodEpochs = 55
}
