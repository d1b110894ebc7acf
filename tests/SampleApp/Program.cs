using Candor.SampleApp;

// candor: health as this repository has it. builtin: the framework's own health checks, with the same checks, to compare with.
var app = args is ["builtin", .. var rest] ? BuiltInApp.Build(rest) : CandorApp.Build(args is ["candor", .. var others] ? others : args);
app.MapTrouble();
app.Run();
