using Candor.Program;
using Pulumi;

return await Deployment.RunAsync<CandorStack>();
