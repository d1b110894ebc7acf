using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Serving;

/// <summary>Answers a request for health or management; null, untouched, for every other request.</summary>
internal delegate Task? AnswerHealth(IFeatureCollection features);
